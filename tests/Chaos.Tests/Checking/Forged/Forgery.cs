using System.Security.Cryptography;
using System.Text;
using Chaos.Tests.History;
using Chaos.Tests.Truth;
using Chat.V1;
using Google.Protobuf;

namespace Chaos.Tests.Checking.Forged;

/// <summary>
/// The history of one turn, sound as it comes, to be falsified. Its owner is cut after the second token and resumes;
/// the whole turn is in the store.
/// </summary>
internal sealed class Forgery
{
    public const string StreamId = "stream-1";
    public const string RequestId = "request-1";
    public const string SessionId = "session-1";

    // Microseconds between two events.
    private const long Second = 1_000_000;

    public Forgery()
    {
        Log = [.. Whole(1, StreamState.Completed)];
        Calls = [new ProviderCall(0, Question.Text, Question.Tokens, Finished: true)];
        Messages =
        [
            new StoredMessage("user-1", StreamId, MessageRole.User, StreamState.Completed, Question.Text, SessionId),
            new StoredMessage(
                "answer-1", StreamId, MessageRole.Assistant, StreamState.Completed, Question.Answer(), SessionId),
        ];
        Owner =
        [
            Send(), Shown(Info(1, 0)), .. Log.Take(2).Select(logged => Shown(logged.Event)), Status("Unavailable"),
            Resume(1, 2), Shown(Info(1, 2)), .. Log.Skip(2).Select(logged => Shown(logged.Event)), Status("OK"),
        ];
    }

    public static Question Question { get; } = new(1, 17, 5, 100, 2);

    /// <summary>What the owner of the turn did and saw.</summary>
    public List<Entry> Owner { get; set; }

    /// <summary>What others did and saw.</summary>
    public List<List<Entry>> Others { get; } = [];

    public List<StoredEvent> Log { get; set; }

    public StreamState State { get; set; } = StreamState.Completed;

    public long Epoch { get; set; } = 1;

    public List<StoredMessage> Messages { get; }

    public List<ProviderCall> Calls { get; }

    public List<Outage> Outages { get; } = [];

    public List<StoredStream> OtherStreams { get; } = [];

    public List<string> OtherSessions { get; } = [];

    public List<ServiceKill> Kills { get; } = [];

    /// <summary>Null: one process served.</summary>
    public Fleet? Fleet { get; set; }

    /// <summary>The row of the turn.</summary>
    public StoredStream Stream => new(StreamId, RequestId, SessionId, State)
    {
        Epoch = Epoch,
        LastSequence = Log.Count,
        UserMessageId = "user-1",
        MessageId = "answer-1",
        Log = Log,
    };

    /// <summary>False: the turn is not in the store.</summary>
    public bool IsStored { get; set; } = true;

    /// <summary>What the checker says of it.</summary>
    public IReadOnlyList<Violation> Judge()
    {
        List<StoredStream> streams = [.. IsStored ? [Stream] : Array.Empty<StoredStream>(), .. OtherStreams];
        return Checker.Check(new Evidence(
            [
                new ClientThread("owner", Timed(Owner)),
                .. Others.Select((entries, i) => new ClientThread($"{i}", Timed(entries))),
            ],
            new Stored(
                streams, Messages, [.. Messages.Select(message => message.SessionId).Concat(OtherSessions).Distinct()]),
            Calls,
            Outages,
            [],
            Kills)
        {
            Fleet = Fleet,
        });
    }

    /// <summary>The owner reads what is stored, in one go.</summary>
    public void ReadAtOnce() =>
        Owner = [Send(), Shown(Info(1, 0)), .. Log.Select(logged => Shown(logged.Event)), Status("OK")];

    public static Entry Send() => new(0, 1, EntryKind.Send)
    {
        Request = RequestId,
        Session = SessionId,
        Message = Question.Text,
    };

    public static Entry Resume(long epoch, long after) =>
        new(0, 1, EntryKind.Resume) { Stream = StreamId, Epoch = epoch, Sequence = after };

    public static Entry Shown(StreamChatResponse shown) => new(0, 1, EntryKind.Event) { Event = shown.ToByteArray() };

    public static Entry Status(string outcome) => new(0, 1, EntryKind.Status) { Outcome = outcome };

    public static StreamChatResponse Info(long epoch, long resumedAfter) => new()
    {
        SessionInfo = new SessionInfo
        {
            StreamId = StreamId,
            MessageId = "answer-1",
            Epoch = epoch,
            ResumedAfter = resumedAfter,
        },
    };

    public static StreamChatResponse Token(long sequence, string text) =>
        new() { Sequence = sequence, Token = new Token { Text = text, Channel = TokenChannel.Answer } };

    public static StoredEvent Stored(long epoch, StreamChatResponse logged) => new(epoch, logged, logged.ToByteArray());

    /// <summary>The log of a turn that said all of the answer.</summary>
    public static IEnumerable<StoredEvent> Whole(long epoch, StreamState state) =>
        Ended(epoch, state, Question.Deltas());

    /// <summary>The log of a turn that said these and ended.</summary>
    public static IEnumerable<StoredEvent> Ended(long epoch, StreamState state, IReadOnlyList<string> deltas)
    {
        var tokens = deltas.Select((delta, i) => Token(i + 1, delta)).ToList();
        var text = Encoding.UTF8.GetBytes(string.Concat(deltas));
        StreamChatResponse[] closing =
        [
            new() { Done = new Done { FinishReason = FinishReason.Stop } },
            new() { ResponseSaved = new ResponseSaved { MessageId = "answer-1" } },
            new()
            {
                StreamEnd = new StreamEnd
                {
                    State = state,
                    LastSequence = tokens.Count + 3,
                    AnswerSha256 = Convert.ToHexStringLower(SHA256.HashData(text)),
                },
            },
        ];
        return tokens.Concat(closing.Select((closed, i) =>
        {
            closed.Sequence = tokens.Count + 1 + i;
            return closed;
        })).Select(logged => Stored(epoch, logged));
    }

    // A second for each line, unless the forger gave it a time.
    private static List<Entry> Timed(List<Entry> entries) =>
        [.. entries.Select((entry, i) => entry.At == 0 ? entry with { At = i * Second } : entry)];
}
