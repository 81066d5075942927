using Chat.V1;

namespace ChatGrpc.Tests.Turns;

internal static class Tokens
{
    public static StreamChatResponse Answer(string text) =>
        new() { Token = new Token { Text = text, Channel = TokenChannel.Answer } };

    public static StreamChatResponse Done() => new() { Done = new Done { FinishReason = FinishReason.Stop } };

    public static StreamChatResponse Saved() => new() { ResponseSaved = new ResponseSaved() };

    public static StreamChatResponse End() => new() { StreamEnd = new StreamEnd() };
}
