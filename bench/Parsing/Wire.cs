using System.Text;

namespace ChatGrpc.Bench.Parsing;

/// <summary>Answers of so many tokens as the two providers stream them.</summary>
internal static class Wire
{
    public static byte[] OpenAI(int tokens)
    {
        var body = new StringBuilder();
        for (var i = 0; i < tokens; i++)
        {
            body.Append("data: ").Append(OpenAIHead)
                .Append("\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},")
                .Append("\"logprobs\":null,\"finish_reason\":null}]}\n\n");
        }

        return Encoding.UTF8.GetBytes(
            body.Append("data: ").Append(OpenAIHead)
                .Append("\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n")
                .Append("data: [DONE]\n\n").ToString());
    }

    public static byte[] Anthropic(int tokens)
    {
        var body = new StringBuilder();
        Event("message_start", """
            {"type":"message_start","message":{"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message",
            "role":"assistant","model":"stand-in","content":[],"stop_reason":null,"stop_sequence":null,
            "usage":{"input_tokens":25,"output_tokens":1}}}
            """);
        Event("content_block_start", """
            {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
            """);
        for (var i = 0; i < tokens; i++)
        {
            Event("content_block_delta", """
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" token"}}
                """);
        }

        Event("content_block_stop", """{"type":"content_block_stop","index":0}""");
        Event("message_delta", """
            {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},
            "usage":{"output_tokens":15}}
            """);
        Event("message_stop", """{"type":"message_stop"}""");
        return Encoding.UTF8.GetBytes(body.ToString());

        void Event(string name, string data) =>
            body.Append("event: ").Append(name).Append("\ndata: ").Append(data.ReplaceLineEndings("")).Append("\n\n");
    }

    private const string OpenAIHead =
        "{\"id\":\"chatcmpl-BxT3kQm7vYh2cZ0dRw9sLpN1\",\"object\":\"chat.completion.chunk\","
        + "\"created\":1763712000,\"model\":\"stand-in\",\"system_fingerprint\":\"fp_44709d6fcb\",";
}
