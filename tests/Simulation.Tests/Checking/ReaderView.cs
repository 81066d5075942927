using Chat.V1;
using Google.Protobuf;

namespace Simulation.Tests.Checking;

/// <summary>What one client has of a stream, kept as the contract tells clients to keep it.</summary>
internal sealed class ReaderView(string name, Ledger ledger)
{
    private readonly List<byte[]> _events = [];
    private Resume? _asked;
    private bool _isDescribed;
    private long _epoch;

    public string Name => name;

    public string StreamId { get; set; } = "";

    public IReadOnlyList<byte[]> Events => _events;

    public bool HasEnded { get; private set; }

    /// <summary>Where to read on.</summary>
    public Resume Place() => new() { StreamId = StreamId, Epoch = _epoch, AfterSequence = _events.Count };

    /// <summary>A new reading begins.</summary>
    public void Connect(Resume? asked)
    {
        _asked = asked;
        _isDescribed = false;
    }

    public void Receive(StreamChatResponse next)
    {
        if (next.SessionInfo is { } info)
        {
            Expect(!_isDescribed, "session_info comes twice");
            Begin(info);
        }

        Expect(_isDescribed, $"{next.EventCase} comes before session_info");
        Expect(!HasEnded, $"{next.EventCase} comes after stream_end");
        if (next.EventCase is StreamChatResponse.EventOneofCase.SessionInfo
            or StreamChatResponse.EventOneofCase.Heartbeat)
        {
            Expect(next.Sequence == 0, $"{next.EventCase} has sequence {next.Sequence}");
            return;
        }

        Expect(next.Sequence == _events.Count + 1, $"{next.Sequence} comes after {_events.Count}");
        var bytes = next.ToByteArray();
        _events.Add(bytes);
        if (ledger.IsStrict(StreamId) || next.EventCase is StreamChatResponse.EventOneofCase.ResponseSaved
            or StreamChatResponse.EventOneofCase.StreamEnd)
        {
            Expect(
                ledger.IsCommitted(StreamId, next.Sequence, bytes), $"{next.EventCase} is shown before its commit");
        }

        HasEnded |= next.StreamEnd is not null;
    }

    private void Begin(SessionInfo info)
    {
        _isDescribed = true;
        if (_asked is null)
        {
            Expect(info.ResumedAfter == 0, $"a new reading begins after {info.ResumedAfter}");
            Expect(
                StreamId.Length == 0 || StreamId == info.StreamId,
                "a message that was sent again has another stream");
        }
        else
        {
            var expected = _asked.Epoch == info.Epoch || _asked.AfterSequence == 0
                ? _asked.AfterSequence
                : Math.Min(_asked.AfterSequence, ledger.Fence(info.StreamId, _asked.Epoch));
            Expect(info.StreamId == _asked.StreamId, "it is another stream");
            Expect(info.Epoch >= _asked.Epoch, $"epoch {_asked.Epoch} becomes {info.Epoch}");
            Expect(
                info.ResumedAfter == expected,
                $"asked after {_asked.AfterSequence} of epoch {_asked.Epoch}, it begins after {info.ResumedAfter} "
                + $"and not after {expected}");
        }

        StreamId = info.StreamId;
        _epoch = info.Epoch;
        if (info.ResumedAfter < _events.Count)
        {
            ledger.Trace.Say($"{name}: drops what comes after {info.ResumedAfter}");
            _events.RemoveRange((int)info.ResumedAfter, _events.Count - (int)info.ResumedAfter);
        }
    }

    private void Expect(bool holds, string what)
    {
        if (!holds)
        {
            ledger.Violate($"{name} on {ledger.Trace.Alias(StreamId, "s")}: {what}");
        }
    }
}
