using System.Security.Cryptography;
using System.Text;
using Chat.V1;

namespace Web.Tests;

/// <summary>A turn that no service ran, event by event, and how a watch tells it.</summary>
internal static class ForgedTurn
{
    public const string StreamId = "stream";
    public const string QuestionId = "message-1";
    public const string AnswerId = "message-2";

    /// <summary>A stream that says one word, and proves it.</summary>
    public static List<StreamChatResponse> Honest() => [Info(), .. Words("Word"), .. Ending(1, "Word")];

    public static StreamChatResponse Info(long resumedAfter = 0, long epoch = 1) => new()
    {
        SessionInfo = new()
        {
            StreamId = StreamId,
            SessionId = "forged",
            Model = "forger",
            Epoch = epoch,
            ResumedAfter = resumedAfter,
            UserMessageId = QuestionId,
            MessageId = AnswerId,
            State = StreamState.Running,
        },
    };

    public static IEnumerable<StreamChatResponse> Words(params IEnumerable<string> words) => WordsFrom(1, words);

    public static IEnumerable<StreamChatResponse> WordsFrom(long sequence, params IEnumerable<string> words) =>
        words.Select((word, i) => new StreamChatResponse
        {
            Sequence = sequence + i,
            Token = new() { Text = word, Channel = TokenChannel.Answer },
        });

    /// <summary>A piece of a call's arguments; with all of them, its last event.</summary>
    public static StreamChatResponse Call(
        long sequence, string id, string name, string delta = "", string whole = "", ToolKind kind = ToolKind.Mcp) =>
        new()
        {
            Sequence = sequence,
            ToolCall = new() { Id = id, Name = name, Kind = kind, ArgumentsDelta = delta, ArgumentsJson = whole },
        };

    public static StreamChatResponse Result(long sequence, string id, string text, bool isError = false) => new()
    {
        Sequence = sequence,
        ToolResult = new() { Id = id, Text = text, IsError = isError, DurationMs = 120 },
    };

    public static StreamChatResponse Document(long sequence, string title, string mediaType, string text) => new()
    {
        Sequence = sequence,
        Document = new() { Id = $"document-{sequence}", Title = title, MediaType = mediaType, Text = text },
    };

    /// <summary>What follows that many words, which made that text.</summary>
    public static IEnumerable<StreamChatResponse> Ending(long after, string text) =>
    [
        new() { Sequence = after + 1, Done = new() { FinishReason = FinishReason.Stop } },
        new() { Sequence = after + 2, ResponseSaved = new() { MessageId = AnswerId } },
        End(after + 3, StreamState.Completed, text),
    ];

    /// <summary>As that, of a turn that failed.</summary>
    public static IEnumerable<StreamChatResponse> Failing(long after, string text, string reason) =>
    [
        new() { Sequence = after + 1, Error = new() { Reason = reason, Message = "It failed." } },
        End(after + 2, StreamState.Failed, text),
    ];

    /// <summary>The message that is answered.</summary>
    public static Message Question => new()
    {
        MessageId = QuestionId,
        Role = MessageRole.User,
        State = StreamState.Completed,
        StreamId = StreamId,
        Parts = { new Part { Text = "Say a word" } },
    };

    /// <summary>The session, the question and the placeholder, as they are told before the first event.</summary>
    public static IEnumerable<WatchSessionResponse> Opening() =>
    [
        new() { Session = new() { Title = "Forged", HeadMessageId = AnswerId, RunningStreamId = StreamId } },
        new() { Message = Question },
        new() { Message = Answer(StreamState.Running, "") },
    ];

    /// <summary>The answer's message as it is at last.</summary>
    public static WatchSessionResponse Final(StreamState state, string text) => new() { Message = Answer(state, text) };

    public static IEnumerable<WatchSessionResponse> Told(IEnumerable<StreamChatResponse> events) =>
        events.Select(next => new WatchSessionResponse
        {
            TurnEvent = new() { StreamId = StreamId, MessageId = AnswerId, Event = next },
        });

    public static Message Answer(StreamState state, string text) => new()
    {
        MessageId = AnswerId,
        ParentMessageId = QuestionId,
        Role = MessageRole.Assistant,
        Author = "forger",
        State = state,
        StreamId = StreamId,
        Parts = { text.Length == 0 ? [] : new[] { new Part { Text = text } } },
    };

    private static StreamChatResponse End(long sequence, StreamState state, string text) => new()
    {
        Sequence = sequence,
        StreamEnd = new()
        {
            State = state,
            LastSequence = sequence,
            AnswerSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        },
    };
}
