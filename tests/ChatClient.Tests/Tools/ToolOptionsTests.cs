using ChatClient.Tests.Streams;
using ChatGrpc.Client;
using ChatGrpc.TestKit;

namespace ChatClient.Tests.Tools;

public sealed class ToolOptionsTests
{
    [Fact]
    public async Task Send_WithTools_NamesThem()
    {
        var sent = await SendAsync("--tool", "clock", "--tool", "files_*");

        Assert.Equal(["clock", "files_*"], sent.Tools.Names);
    }

    [Fact]
    public async Task Send_WithoutTools_SaysThatThereAreNone() =>
        Assert.Empty((await SendAsync("--no-tools")).Tools.Names);

    [Fact]
    public async Task Send_WithoutAWordOfTools_LeavesThemToTheService()
    {
        var sent = await SendAsync();

        Assert.Null(sent.Tools);
        Assert.Null(sent.ResponseFormat);
    }

    [Fact]
    public async Task Send_WithASchema_HasItUnderTheNameOfItsFile()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a person.schema.json");
        await File.WriteAllTextAsync(file, """{"type":"object"}""", TestContext.Current.CancellationToken);

        var sent = await SendAsync("--schema", file);

        Assert.Equal("""{"type":"object"}""", sent.ResponseFormat.JsonSchema);
        Assert.Equal("a_person", sent.ResponseFormat.Name);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData(null, "is too large: a schema has at most 100,000 bytes.")]
    public async Task Send_WithASchemaThatIsNone_IsRefused(string? text, string words)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "schema.json");
        await File.WriteAllTextAsync(file, text ?? new string(' ', 100_001), TestContext.Current.CancellationToken);
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Usage, await chat.RunAsync(server: null, "--schema", file, "Hi"));
        Assert.Contains(words, chat.Error, StringComparison.Ordinal);
    }

    private static async Task<Chat.V1.StreamChatRequest> SendAsync(params string[] options)
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed("one"));
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, [.. options, "Hi"]));
        return Assert.Single(service.Requests);
    }
}
