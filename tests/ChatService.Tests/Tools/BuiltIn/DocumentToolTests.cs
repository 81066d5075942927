using System.Text.Json;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tools.BuiltIn;

namespace ChatGrpc.Tests.Tools.BuiltIn;

public sealed class DocumentToolTests
{
    private readonly RoundScene _scene = new();

    [Fact]
    public async Task Invoke_Document_IsShownBesideTheTalk()
    {
        var events = await MakeAsync(new { title = " A plan ", media_type = "text/csv", content = "a,b\n1,2" });

        var document = events[0].Document;
        Assert.Equal(("A plan", "text/csv", "a,b\n1,2"), (document.Title, document.MediaType, document.Text));
        Assert.Contains(document.Id, events[1].ToolResult.Text, StringComparison.Ordinal);
        Assert.False(events[1].ToolResult.IsError);
    }

    [Fact]
    public async Task Invoke_NoMediaType_IsMarkdown() =>
        Assert.Equal("text/markdown", (await MakeAsync(new { title = "A", content = "b" }))[0].Document.MediaType);

    [Fact]
    public async Task Invoke_LongDocument_IsTaken()
    {
        var content = new string('x', 1_000_000);

        Assert.Equal(content, (await MakeAsync(new { title = "A", content }))[0].Document.Text);
    }

    [Theory]
    [InlineData("", "text/plain", 1, "title must be one line")]
    [InlineData("a\nb", "text/plain", 1, "title must be one line")]
    [InlineData("a", "image/svg+xml", 1, "media_type must be a type of text")]
    [InlineData("a", "application/pdf", 1, "media_type must be a type of text")]
    [InlineData("a", "text/plain", 0, "content must be a text")]
    [InlineData("a", "text/plain", 1_000_001, "content must be a text")]
    public async Task Invoke_WrongDocument_SaysWhy(string title, string media_type, int length, string words)
    {
        var events = await MakeAsync(new { title, media_type, content = new string('x', length) });

        var result = Assert.Single(events).ToolResult;
        Assert.True(result.IsError);
        Assert.StartsWith(words, result.Text, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<StreamChatResponse>> MakeAsync(object arguments) => await _scene
        .EventsAsync(RoundScene.Call(new DocumentTool(_scene.Time), JsonSerializer.Serialize(arguments))).InTime();
}
