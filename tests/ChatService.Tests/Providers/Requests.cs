using Chat.V1;
using ChatGrpc.Providers;

namespace ChatGrpc.Tests.Providers;

internal static class Requests
{
    public static ModelRequest Saying(string text) => new() { Model = "some-model", Messages = [User(text)] };

    /// <summary>A conversation in which two tools were called, one in vain, and a tool that may be called.</summary>
    public static ModelRequest WithTools() => Saying("") with
    {
        Messages =
        [
            User("Time?"),
            Assistant("I look.") with
            {
                Calls =
                [
                    new ModelCall("call_1", "get_time", """{"zone": "UTC"}"""), new ModelCall("call_2", "add", ""),
                ],
            },
            new ModelMessage(ModelRole.Tool, [])
            {
                Results =
                [
                    new ModelCallResult("call_1", "get_time", "12:00", IsError: false),
                    new ModelCallResult("call_2", "add", "no numbers", IsError: true),
                ],
            },
            User("And now?"),
        ],
        Tools = [new ModelTool("get_time", "Says the time.", """{"type": "object"}""")],
    };

    public static ModelMessage User(params string[] texts) =>
        new(ModelRole.User, [.. texts.Select(text => new Part { Text = text })]);

    public static ModelMessage Assistant(string text) => new(ModelRole.Assistant, [new Part { Text = text }]);
}
