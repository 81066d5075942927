using System.Globalization;
using Chaos.Tests.History;
using Chaos.Tests.Truth;
using Chat.V1;
using Grpc.Core;

namespace Chaos.Tests.Load;

/// <summary>Somebody who sends, turn after turn, and does what people do: waits, leaves, cancels, gives up.</summary>
internal sealed class Sender : IDisposable
{
    // Of a hundred turns.
    private const int Cancelling = 10;
    private const int Leaving = 15;
    private const int Abandoning = 3;
    private const int Impatient = 10;

    // How often one who is impatient is refused before giving up.
    private const int Tries = 3;

    private static readonly TimeSpan BetweenKnocks = TimeSpan.FromSeconds(1);

    private readonly int _number;
    private readonly Town _town;
    private readonly Random _dice;
    private readonly ClientLog _log;
    private readonly Client _client;
    private int _sessions;
    private int _turns;

    public Sender(int number, Town town, int seed)
    {
        _number = number;
        _town = town;
        _dice = new Random(seed);
        _log = town.Open(string.Create(CultureInfo.InvariantCulture, $"sender-{number:000}"));
        _client = new Client(number, town, _log, _dice);
    }

    /// <summary>
    /// It only begins turns, and leaves each at once. So somebody is there to be refused in each outage: the others are
    /// in the middle of an answer, whose end waits for the store.
    /// </summary>
    public bool IsKnocking { get; init; }

    /// <summary>Its session is another one's, too: its turns wait for that one's.</summary>
    public bool IsPaired { get; init; }

    /// <param name="closing">No more turns begin.</param>
    /// <param name="over">No more is tried.</param>
    public async Task RunAsync(CancellationToken closing, CancellationToken over)
    {
        while (!closing.IsCancellationRequested)
        {
            await (IsKnocking ? KnockAsync(over) : TurnAsync(over));
        }
    }

    public void Dispose() => _log.Dispose();

    private async Task KnockAsync(CancellationToken over)
    {
        _client.Begin();
        _client.Leaves = static _ => true;
        _sessions++;
        if (await SendAsync(Request(_town.ShortQuestion(_dice)), isImpatient: false, over))
        {
            _ = _log.Write(EntryKind.Abandoned);
        }

        await _town.Metronome.After(BetweenKnocks);
    }

    private async Task TurnAsync(CancellationToken over)
    {
        _client.Begin();
        _sessions += _turns == 0 || _dice.Next(3) == 0 ? 1 : 0;
        var question = _town.NextQuestion(_dice);
        var request = Request(question);
        var (fate, at) = (_dice.Next(100), _dice.Next(1, Math.Max(2, question.Tokens)));
        var leaves = fate is >= Cancelling and < Cancelling + Leaving + Abandoning;
        if (!leaves && _town.Plan.Attached > 0 && _dice.Next(100) < _town.Plan.Attached)
        {
            _client.OnDisconnect = OnDisconnect.Cancel;
        }

        Task? cancelling = null;
        var left = false;
        _client.Leaves = shown =>
        {
            if (shown.SessionInfo is { } info)
            {
                _town.Announce(info.StreamId);
            }

            var isThere = shown.Sequence >= at && !left;
            if (isThere && fate < Cancelling)
            {
                cancelling ??= _client.CancelAsync(Target(request), over);
            }

            left |= isThere && leaves;
            return left && isThere;
        };
        var accepted = await SendAsync(request, isImpatient: fate >= 100 - Impatient, over);
        if (left && fate >= Cancelling + Leaving)
        {
            // The session stays busy until that turn has ended by itself: the next message goes to another one.
            _ = _log.Write(EntryKind.Abandoned);
            _turns = 0;
            return;
        }

        if (accepted)
        {
            await _client.ToEndAsync(over);
        }

        await (cancelling ?? Task.CompletedTask);
    }

    // False: it gave up, or the run is over, before it heard of a stream.
    private async Task<bool> SendAsync(StreamChatRequest request, bool isImpatient, CancellationToken over)
    {
        for (var tries = 1; !_client.IsHopeless && !over.IsCancellationRequested; tries++)
        {
            await _client.SendAsync(request);
            if (_client.StreamId is not null)
            {
                return true;
            }

            if (isImpatient && tries == Tries && _client.Status == StatusCode.Unavailable)
            {
                _ = _log.Write(EntryKind.GaveUp);
                return false;
            }

            await _client.PauseAsync();
        }

        return false;
    }

    private StreamChatRequest Request(Question question) => new()
    {
        Message = question.Text,
        SessionId = IsPaired
            ? string.Create(CultureInfo.InvariantCulture, $"pair-{_number / 2}")
            : string.Create(CultureInfo.InvariantCulture, $"session-{_number}-{_sessions}"),
        ClientRequestId = string.Create(
            CultureInfo.InvariantCulture, $"request-{_number}-{++_turns}-{question.Number}"),
        ContextLimit = 0,
        OnBusy = _dice.Next(2) == 0 || IsPaired ? OnBusy.Queue : OnBusy.Reject,
        Durability = _town.Plan.Strict > 0 && _dice.Next(100) < _town.Plan.Strict
            ? Durability.Strict
            : Durability.Unspecified,
    };

    private CancelStreamRequest Target(StreamChatRequest request) => _dice.Next(2) == 0
        ? new CancelStreamRequest { ClientRequestId = request.ClientRequestId }
        : new CancelStreamRequest { StreamId = _client.StreamId };
}
