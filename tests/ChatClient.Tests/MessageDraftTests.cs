using ChatGrpc.Client.Conversations;

namespace ChatClient.Tests;

public sealed class MessageDraftTests
{
    [Theory]
    [InlineData("Hello", "Hello", false)]
    [InlineData("/help", "/help", true)]
    [InlineData("/", "/", true)]
    [InlineData("//x", "/x", false)]
    [InlineData("//", "/", false)]
    [InlineData("a \"\"\"", "a \"\"\"", false)]
    public void Take_ALine_IsAMessageOrACommand(string line, string text, bool isCommand) =>
        Assert.Equal(new TypedMessage(text, isCommand), new MessageDraft().Take(line));

    [Theory]
    [InlineData("one\ntwo", "one\\", "two")]
    [InlineData("one\n\nthree", "one\\", "\\", "three")]
    [InlineData("/one\ntwo", "//one\\", "two")]
    [InlineData("one\\\n  two", "\"\"\"", "one\\", "  two", "\"\"\"")]
    [InlineData("/etc/passwd\n//x", "\"\"\" ", "/etc/passwd", "//x", "\"\"\"")]
    [InlineData("    \"\"\"", "\"\"\"", "    \"\"\"", "\"\"\"")]
    public void Take_SeveralLines_IsOneMessageAtTheLast(string text, params string[] lines)
    {
        var draft = new MessageDraft();

        Assert.All(lines[..^1], line => Assert.Null(draft.Take(line)));
        Assert.Equal(new TypedMessage(text, IsCommand: false), draft.Take(lines[^1]));
        Assert.True(draft.IsEmpty);
    }

    [Fact]
    public void Abandon_InABlock_BeginsAnew()
    {
        var draft = new MessageDraft();
        draft.Take("\"\"\"");
        draft.Take("one");

        draft.Abandon();

        Assert.True(draft.IsEmpty);
        Assert.Equal(new TypedMessage("/new", IsCommand: true), draft.Take("/new"));
    }
}
