using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Tests.Storage;

/// <summary>Turns, events and closings to write into a store.</summary>
internal static class Sample
{
    public const string Tenant = "tenant";
    public const string Owner = "incarnation";

    public static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewTurn Turn(string session, string tenant = Tenant, string text = "Hello") => new()
    {
        Stream = new StreamRecord
        {
            StreamId = Id(),
            TenantId = tenant,
            SessionId = session,
            UserMessageId = Id(),
            MessageId = Id(),
            Model = "alias",
            ResolvedModel = "resolved",
            Provider = "provider",
            CreatedAt = Noon,
        },
        Owner = Owner,
        BodyHash = [1, 2, 3],
        UserId = "Ada",
        Parts = Text(text),
        Metadata = new Dictionary<string, string> { ["label"] = "value" },
    };

    public static IReadOnlyList<Part> Text(string text) => [new Part { Text = text }];

    /// <summary>Tokens "t1", "t2", ... under these sequences.</summary>
    public static IReadOnlyList<StreamChatResponse> Tokens(long first, long last) =>
        [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Token(first + i, $"t{first + i}"))];

    public static StreamChatResponse Token(long sequence, string text) =>
        new() { Sequence = sequence, Token = new Token { Text = text, Channel = TokenChannel.Answer } };

    public static TurnWrite Write(NewTurn turn, long first, long last) =>
        new(turn.Stream.StreamId, Epoch: 1, Tokens(first, last));

    public static TurnWrite Close(
        NewTurn turn, long first, long last, string answer = "An answer", StreamState state = StreamState.Completed) =>
        Write(turn, first, last) with { Closing = Closing(answer, state) };

    public static TurnClosing Closing(string answer = "An answer", StreamState state = StreamState.Completed) =>
        new(state, Text(answer), "Some thoughts", new Usage { PromptTokens = 3 }, Noon.AddMinutes(1));

    private static string Id() => Guid.CreateVersion7().ToString();
}
