using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

/// <summary>A reader at work, and what it got so far.</summary>
internal sealed class Reading
{
    private readonly TurnReader _reader;
    private readonly AsyncSignal _more = new();
    private readonly List<StreamChatResponse> _events = [];
    private readonly Task _end;

    public Reading(TurnReader reader, CancellationToken cancellationToken = default)
    {
        _reader = reader;
        _end = Task.Run(() => ReadAsync(cancellationToken), CancellationToken.None);
    }

    public Failure? Failure => _reader.Failure;

    public IReadOnlyList<StreamChatResponse> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>The logged ones.</summary>
    public IReadOnlyList<StreamChatResponse> Logged => [.. Events.Where(e => e.Sequence > 0)];

    public StreamEnd End => Events[^1].StreamEnd;

    /// <summary>What was not withdrawn of it; so for the reasoning.</summary>
    public string Answer => AnswerReplay.Of(Events).Answer;

    public string Reasoning => AnswerReplay.Of(Events).Reasoning;

    /// <summary>The kinds of event in order, runs of tokens as one.</summary>
    public string Shape
    {
        get
        {
            var kinds = Events.Select(e => e.EventCase).ToList();
            return string.Join(' ', kinds.Where((kind, i) =>
                i == 0 || kind != StreamChatResponse.EventOneofCase.Token || kinds[i - 1] != kind));
        }
    }

    public async Task<StreamChatResponse> UntilAsync(StreamChatResponse.EventOneofCase kind)
    {
        while (true)
        {
            var ended = _end.IsCompleted;
            if (Events.FirstOrDefault(e => e.EventCase == kind) is { } found)
            {
                return found;
            }

            Assert.False(ended, $"It ended without {kind}.");
            await _more.WaitAsync().InTime();
        }
    }

    public async Task<Reading> ToEndAsync()
    {
        await _end.InTime();
        return this;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var next in _reader.ReadAllAsync(cancellationToken))
            {
                lock (_events)
                {
                    _events.Add(next);
                }

                _more.Set();
            }
        }
        finally
        {
            _more.Set();
        }
    }
}
