namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>A request of OpenAI's chat completions.</summary>
internal static class ChatBody
{
    public static string Of(string order) =>
        $$"""{"model":"stand-in","stream":true,"messages":[{"role":"user","content":"{{order}}"}]}""";
}
