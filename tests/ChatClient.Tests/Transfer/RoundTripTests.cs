using ChatGrpc.Client;
using ChatGrpc.TestKit;

namespace ChatClient.Tests.Transfer;

/// <summary>Out of the real service and into it again.</summary>
public sealed class RoundTripTests(ServiceFixture service) : IClassFixture<ServiceFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_RemovedAndImported_IsTheSameByteForByte()
    {
        var image = InFolder("dot.png");
        await File.WriteAllBytesAsync(image, Samples.Png, TestContext.Current.CancellationToken);
        await RunAsync(
            "--session", "trip", "--model", "demo", "--image", image, "/demo tokens=3 rate=max\n😀 \e[2J ﬁ");
        await RunAsync("regenerate", "trip", "--model", "demo");
        await RunAsync("--session", "trip", "--model", "demo", "/demo tokens=5 rate=max");

        await RunAsync("export", "trip", "-o", InFolder("first.json"));
        await RunAsync("rm", "trip");
        Assert.Matches("^  trip  .* \\(5 messages\\)\n$", await RunAsync("import", InFolder("first.json")));
        await RunAsync("export", "trip", "-o", InFolder("second.json"));

        Assert.Equal(await ReadAsync("first.json"), await ReadAsync("second.json"));
        using var chat = new ChatProgram();
        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "export", "trip"));
        Assert.Equal(await ReadAsync("first.json"), chat.OutputBytes);
    }

    [Fact]
    public async Task Import_UnderAnotherId_IsASecondConversationWithTheSameWords()
    {
        await RunAsync("--session", "original", "--model", "demo", "/demo tokens=3 rate=max");
        await RunAsync("export", "original", "-o", InFolder("a.json"));

        await RunAsync("import", InFolder("a.json"), "--session", "second");

        Assert.Contains("alpha bravo charlie", await RunAsync("show", "second"), StringComparison.Ordinal);
        using var chat = new ChatProgram();
        Assert.Equal(6, await chat.RunAsync(service.Address, "import", InFolder("a.json")));
        Assert.StartsWith($"{InFolder("a.json")} is not imported:\n", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_AFileCutShort_SaysWhereAndImportsNothing()
    {
        await RunAsync("--session", "cut", "--model", "demo", "/demo tokens=3 rate=max");
        await RunAsync("export", "cut", "-o", InFolder("a.json"));
        var whole = await ReadAsync("a.json");
        await File.WriteAllBytesAsync(
            InFolder("half.json"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        using var chat = new ChatProgram();

        Assert.Equal(3, await chat.RunAsync(service.Address, "import", InFolder("half.json"), "--session", "half"));
        Assert.Matches(@"(?i)\bline \d+.*\(IMPORT_INVALID\)", chat.Error);
        Assert.Equal(5, await chat.RunAsync(service.Address, "show", "half"));
    }

    [Fact]
    public async Task ExportAll_Markdown_AFileOfEachToRead()
    {
        await RunAsync("--session", "one", "--model", "demo", "/demo tokens=1 rate=max");
        await RunAsync("--session", "two", "--model", "demo", "/demo tokens=2 rate=max");

        await RunAsync("export", "--all", "--markdown", "-o", InFolder("all"));

        Assert.Contains(
            "alpha bravo",
            await File.ReadAllTextAsync(InFolder("all/two.md"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.True(File.Exists(InFolder("all/one.md")));
    }

    [Fact]
    public async Task Search_WhatWasSaid_FindsItWithItsPlace()
    {
        await RunAsync("--session", "tea", "--model", "demo", "/demo tokens=1 rate=max\nDas Gefühl beim Tee");
        using var chat = new ChatProgram { IsTerminal = true, Colors = true };

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "search", "GEFUHL", "--session", "tea"));
        Assert.Contains("\e[1mGefühl\e[0m", chat.Output, StringComparison.Ordinal);
        Assert.Matches(@"    you \([0-9a-f]{8}\): ", chat.Output);
    }

    private string InFolder(string name) => Path.Combine(_folder.Path, name);

    private Task<byte[]> ReadAsync(string name) =>
        File.ReadAllBytesAsync(InFolder(name), TestContext.Current.CancellationToken);

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var chat = new ChatProgram();
        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, arguments));
        return chat.Output;
    }
}
