using Chat.V1;

namespace ChatGrpc.Bench.Host;

/// <summary>The message that the stack serializes again and again, and the bare endpoint has as bytes.</summary>
internal static class FixedMessage
{
    /// <summary>60 bytes: what a token is.</summary>
    public static StreamChatResponse Value { get; } = new()
    {
        Sequence = 1,
        Token = new Token { Text = new string('x', 52), Channel = TokenChannel.Answer },
    };

    public const string Path = "/chat.v1.ChatService/StreamChat";
}
