using Chat.V1;
using ChatGrpc.Providers;

namespace ChatGrpc.Tests.Providers;

internal static class Requests
{
    public static ModelRequest Saying(string text) => new() { Model = "some-model", Messages = [User(text)] };

    public static ModelMessage User(params string[] texts) =>
        new(ModelRole.User, [.. texts.Select(text => new Part { Text = text })]);

    public static ModelMessage Assistant(string text) => new(ModelRole.Assistant, [new Part { Text = text }]);
}
