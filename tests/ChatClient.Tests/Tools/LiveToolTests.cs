using ChatGrpc.Client;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatClient.Tests.Tools;

/// <summary>The program, the real service and its real tools; the model is a stand-in.</summary>
public sealed class LiveToolTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Question_WithATool_TellsTheCallBesideTheAnswer()
    {
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "--tool", "calc*", "--session", "tools", "Six times seven?");
        var call = await service.Models.NextRequestAsync();
        await call.CallAsync(new ScriptedCall("c1", "calculator", "{\"expression\":", "\"6*7\"}"));
        await (await service.Models.NextRequestAsync()).AnswerAsync("It is 42.");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal("It is 42.\n", chat.Output);
        Assert.Matches("^calculator expression: 6\\*7 … [0-9]+ ms\n$", chat.Error);

        using var later = new ChatProgram();
        Assert.Equal(ExitCodes.Ok, await later.RunAsync(service.Address, "sessions", "show", "tools"));
        Assert.Contains("\n[calculator expression: 6*7 … ", later.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_WithASchema_SavesTheDocument()
    {
        using var folder = new TemporaryFolder();
        var schema = Path.Combine(folder.Path, "sum.json");
        await File.WriteAllTextAsync(
            schema, """{"type":"object","required":["sum"]}""", TestContext.Current.CancellationToken);
        var saved = Path.Combine(folder.Path, "saved");
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "--schema", schema, "--documents", saved, "Six times seven?");
        await (await service.Models.NextRequestAsync()).AnswerAsync("{\"sum\": 42}");

        Assert.Equal(ExitCodes.Ok, await running);
        var file = Path.Combine(saved, "sum.json");
        Assert.Equal($"Document “sum” (application/json, 11 bytes)\nSaved as {file}\n", chat.Error);
        Assert.Equal(
            "{\"sum\": 42}", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tools_OfTheService_AreListed()
    {
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "tools"));
        Assert.Contains("calculator  Evaluates an arithmetic expression", chat.Output, StringComparison.Ordinal);
    }
}
