using Chaos.Tests.History;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>
/// What one client sees, from call to call: sequences are dense and start where session_info says, what it has is never
/// shown to it otherwise but in a higher epoch, and stream_end is the last of it.
/// </summary>
internal sealed class ReadingRules
{
    private readonly ClientThread _thread;
    private readonly List<Violation> _violations = [];
    private readonly List<Shown> _view = [];
    private SessionInfo? _info;

    private ReadingRules(ClientThread thread) => _thread = thread;

    public static IReadOnlyList<Violation> Check(ClientThread thread)
    {
        var rules = new ReadingRules(thread);
        foreach (var reading in thread.Readings)
        {
            rules.Read(reading);
        }

        return rules._violations;
    }

    private void Read(Reading reading)
    {
        var next = 0;
        for (var i = 0; i < reading.Events.Count; i++)
        {
            var shown = reading.Events[i];
            if ((i == 0) != (shown.Event.SessionInfo is not null))
            {
                Violate(Rule.DenseSequences, $"event {i + 1} of a reading is {shown.Event.EventCase}");
                return;
            }

            if (shown.Event.SessionInfo is { } info)
            {
                next = Begin(info, reading.Asked) + 1;
            }
            else if (shown.Event.Heartbeat is null)
            {
                Take(shown, next++);
            }

            if ((shown.Event.SessionInfo is not null || shown.Event.Heartbeat is not null)
                && shown.Event.Sequence != 0)
            {
                Violate(Rule.DenseSequences, $"{shown.Event.EventCase} has the sequence {shown.Event.Sequence}");
            }
        }
    }

    // Returns after which sequence the reading goes on.
    private int Begin(SessionInfo info, Entry asked)
    {
        if (info.StreamId != (_info?.StreamId ?? info.StreamId)
            || info.MessageId != (_info?.MessageId ?? info.MessageId))
        {
            Violate(Rule.OneStreamPerRequest, $"it read {_info!.StreamId} and then {info.StreamId}");
        }

        var isNewEpoch = info.Epoch > (asked.Kind == EntryKind.Resume && asked.Epoch > 0 ? asked.Epoch : info.Epoch);
        if (info.Epoch < (_info?.Epoch ?? info.Epoch))
        {
            Violate(Rule.WithdrawnByEpochOnly, $"epoch {info.Epoch} came after {_info!.Epoch}");
        }

        if (isNewEpoch ? info.ResumedAfter > asked.Sequence : info.ResumedAfter != asked.Sequence)
        {
            Violate(
                Rule.DenseSequences,
                $"asked for what follows {asked.Sequence} in epoch {asked.Epoch}, it got what follows "
                + $"{info.ResumedAfter} in epoch {info.Epoch}");
        }

        // A new epoch takes back what comes after its beginning; the same one takes back nothing.
        if (_info is not null && info.Epoch > _info.Epoch && info.ResumedAfter < _view.Count)
        {
            _view.RemoveRange((int)info.ResumedAfter, _view.Count - (int)info.ResumedAfter);
        }

        _info = info;
        return (int)info.ResumedAfter;
    }

    private void Take(Shown shown, int expected)
    {
        if (shown.Event.Sequence != expected)
        {
            Violate(Rule.DenseSequences, $"sequence {shown.Event.Sequence} came where {expected} was due");
            return;
        }

        if (expected <= _view.Count)
        {
            if (!_view[expected - 1].Bytes.AsSpan().SequenceEqual(shown.Bytes))
            {
                Violate(Rule.WithdrawnByEpochOnly, $"sequence {expected} was another one before, in the same epoch");
            }

            return;
        }

        if (expected > _view.Count + 1)
        {
            Violate(Rule.DenseSequences, $"sequence {expected} came when it had {_view.Count}");
            return;
        }

        if (_view is [.., { Event.StreamEnd: not null }])
        {
            Violate(Rule.OneEnd, $"sequence {expected} came after stream_end");
        }

        _view.Add(shown);
    }

    private void Violate(Rule rule, string what) =>
        _violations.Add(new Violation(rule, $"{_thread.Name} of {_thread.StreamId}", what));
}
