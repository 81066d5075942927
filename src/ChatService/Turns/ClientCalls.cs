using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>How the service took a client's result.</summary>
internal enum GivenOutcome
{
    Taken,

    /// <summary>The same result was given before.</summary>
    Repeated,

    /// <summary>Another result was given before.</summary>
    Contradicted,

    /// <summary>The turn has no such call for its client.</summary>
    NotFound,

    /// <summary>With those before it, it is more than a turn can hold.</summary>
    TooLarge,
}

/// <summary>A client's result on its way into the log.</summary>
internal sealed class GivenResult(ToolResult result)
{
    private readonly Milestone _logged = new();

    public ToolResult Value => result;

    /// <summary>Completes when the result is in the log.</summary>
    public Task Logged => _logged.Reached;

    /// <summary>Its event's sequence, once it is in the log.</summary>
    public long Sequence { get; private set; }

    public void Log(long sequence)
    {
        Sequence = sequence;
        _logged.Reach();
    }
}

/// <summary>The calls of a turn that its client answers. Clients give results; the turn's script takes them.</summary>
internal sealed class ClientCalls
{
    // As much as the service's own tools may bring into a turn.
    private const int MaxBytes = 2 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _signal = new();
    private readonly Dictionary<string, GivenResult?> _calls = [];
    private readonly Queue<GivenResult> _given = [];

    // When the client was told of the newest calls.
    private DateTimeOffset _since;

    /// <summary>Results of these calls are taken from now on.</summary>
    public void Await(IEnumerable<string> callIds, DateTimeOffset now)
    {
        lock (_gate)
        {
            _since = now;
            foreach (var id in callIds)
            {
                _calls[id] = null;
            }
        }
    }

    /// <summary>What an earlier process made of the turn: calls that are answered, and calls that are not.</summary>
    /// <param name="steps">The turn's.</param>
    /// <param name="sequence">Of the last event that is saved.</param>
    public void Restore(IEnumerable<TurnStep> steps, long sequence)
    {
        var all = steps.ToList();
        var since = all.LastOrDefault()?.WaitingSince ?? default;
        foreach (var logged in all.SelectMany(step => step.Events))
        {
            if (logged.ToolCall is { Kind: ToolKind.Client } call)
            {
                Await([call.Id], since);
            }
            else if (logged.ToolResult is { } result && _calls.ContainsKey(result.Id))
            {
                Settle(result).Log(sequence);
            }
        }
    }

    /// <summary>A call that needs no client any more: its result is this, and on its way into the log.</summary>
    public GivenResult Settle(ToolResult result)
    {
        var given = new GivenResult(result);
        lock (_gate)
        {
            _calls[result.Id] = given;
        }

        return given;
    }

    /// <param name="now">It took so long from when the client was told of its call.</param>
    public GivenOutcome Give(ToolResult result, DateTimeOffset now, out GivenResult? given)
    {
        lock (_gate)
        {
            if (!_calls.TryGetValue(result.Id, out given))
            {
                return GivenOutcome.NotFound;
            }

            if (given is not null)
            {
                return IsSame(given.Value, result) ? GivenOutcome.Repeated : GivenOutcome.Contradicted;
            }

            if (IsTooMuch(_calls.Values.Select(known => known?.Value), result))
            {
                return GivenOutcome.TooLarge;
            }

            // After it was measured: others measure it without.
            result.DurationMs = (long)Math.Max(0, (now - _since).TotalMilliseconds);
            given = new GivenResult(result);
            _calls[result.Id] = given;
            _given.Enqueue(given);
        }

        _signal.Set();
        return GivenOutcome.Taken;
    }

    /// <summary>The next result, in the order in which they were given.</summary>
    public async Task<GivenResult> TakeAsync(CancellationToken cancellationToken)
    {
        await using var cancelled =
            cancellationToken.UnsafeRegister(static signal => ((AsyncSignal)signal!).Set(), _signal);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (_given.TryDequeue(out var given))
                {
                    return given;
                }
            }

            await _signal.WaitAsync();
        }
    }

    /// <summary>With those that are known, a turn cannot hold it.</summary>
    public static bool IsTooMuch(IEnumerable<ToolResult?> known, ToolResult next) =>
        known.Sum(each => each?.CalculateSize() ?? 0) + next.CalculateSize() > MaxBytes;

    /// <summary>They say the same, however long it took.</summary>
    public static bool IsSame(ToolResult one, ToolResult other) =>
        one.OutputCase == other.OutputCase && one.Json == other.Json && one.Text == other.Text
        && one.IsError == other.IsError;
}
