using System.Runtime.CompilerServices;
using Chat.V1;
using ChatClient.Tests.Sessions;
using ChatClient.Tests.Streams;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using Google.Rpc;

namespace ChatClient.Tests.Transfer;

public sealed class ExportCommandTests : IDisposable
{
    // A character of four bytes is cut in two, and there is one that would steer a terminal.
    private static readonly byte[] Whole = "{\"text\":\"😀\e[2J\"}"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly List<ExportSessionRequest> _asked = [];

    private string File => Path.Combine(_folder.Path, "s.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_ToAPipe_IsTheFileByteForByte()
    {
        await using var service = await Exporting(Pieces);
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "export", "s"));
        Assert.Equal(Whole, chat.OutputBytes);
        Assert.Equal(("", ""), (chat.Output, chat.Error));
        Assert.Equal(new ExportSessionRequest { SessionId = "s", Format = ExportFormat.Json }, Assert.Single(_asked));
    }

    [Fact]
    public async Task Export_ToATerminal_IsItsTextWithoutWhatWouldSteerIt()
    {
        await using var service = await Exporting(Pieces);
        using var chat = new ChatProgram { IsTerminal = true };

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "export", "s", "-o", "-"));
        Assert.Equal("{\"text\":\"😀\uFFFD[2J\"}", chat.Output);
        Assert.Empty(chat.OutputBytes);
    }

    [Fact]
    public async Task Export_ToAFile_IsThereWholeAndOverAnotherOnlyByForce()
    {
        await using var service = await Exporting(Pieces);
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "export", "s", "-o", File));
        Assert.Equal(Whole, await ReadAsync(File));
        Assert.Equal(ExitCodes.Unwritable, await chat.RunAsync(service.Address, "export", "s", "-o", File));
        Assert.Equal($"{File} is there already; --force writes over it.\n", chat.Error);
        Assert.Single(_asked);
        await System.IO.File.WriteAllTextAsync(File, "old", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "export", "s", "-o", File, "--force"));
        Assert.Equal(Whole, await ReadAsync(File));
        Assert.Equal([File], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Export_BrokenOffInTheMiddle_LeavesNoFileAndTheOldOneWhole()
    {
        await using var service = await Exporting(_ => Broken(TurnLog.Failure(Code.NotFound, "SESSION_NOT_FOUND")));
        using var chat = new ChatProgram();
        await System.IO.File.WriteAllTextAsync(File, "old", TestContext.Current.CancellationToken);

        Assert.Equal(5, await chat.RunAsync(service.Address, "export", "s", "-o", File, "--force"));
        Assert.Equal("old"u8.ToArray(), await ReadAsync(File));
        Assert.Equal([File], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Contains("SESSION_NOT_FOUND", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ControlC_InAnExport_LeavesNoFile()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await Exporting(_ => Endless(begun));
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "export", "s", "-o", File);
        await begun.Task.InTime();

        Assert.True(chat.Interrupts.Press());

        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task ExportAll_Sessions_AFileEachUnderNamesThatAreSafe()
    {
        await using var service = await Exporting(Pieces, "trip", ".hidden", "-rf", "con.x", "Trip", "..");
        using var chat = new ChatProgram();
        var folder = Path.Combine(_folder.Path, "all");

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "export", "--all", "--markdown", "-o", folder));
        Assert.Equal(
            ["%2Drf.md", "%2E..md", "%2Ehidden.md", "%63on.x.md", "Trip (2).md", "trip.md"],
            Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal($"Conversations in {folder}: 6.\n", chat.Error);
        Assert.All(_asked, request => Assert.Equal(ExportFormat.Markdown, request.Format));
    }

    [Fact]
    public async Task ExportAll_WhereAFileIsThere_TellsItAndWritesTheOthers()
    {
        await using var service = await Exporting(
            request => request.SessionId == "gone"
                ? Broken(TurnLog.Failure(Code.NotFound, "SESSION_NOT_FOUND"))
                : Pieces(request),
            "s", "gone", "other");
        using var chat = new ChatProgram();
        await System.IO.File.WriteAllTextAsync(File, "old", TestContext.Current.CancellationToken);

        var exit = await chat.RunAsync(service.Address, "export", "--all", "-o", _folder.Path);

        Assert.Equal(ExitCodes.Unwritable, exit);
        Assert.Equal("old"u8.ToArray(), await ReadAsync(File));
        Assert.Equal(Whole, await ReadAsync(Path.Combine(_folder.Path, "other.json")));
        Assert.Equal(
            $"{File} is there already; --force writes over it.\ngone was deleted meanwhile.\n"
            + $"Conversations in {_folder.Path}: 1.\n",
            chat.Error);
    }

    [Fact]
    public async Task Export_WhereNothingCanBeWritten_SaysSo()
    {
        await using var service = await Exporting(Pieces);
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(service.Address, "export", "s", "-o", Path.Combine(File, "below", "x"));

        Assert.Equal(ExitCodes.Unwritable, exit);
        var error = Assert.Single(chat.Error.TrimEnd().Split('\n'));
        Assert.Contains("cannot be written: ", error, StringComparison.Ordinal);
    }

    private static Task<byte[]> ReadAsync(string file) =>
        System.IO.File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);

    private static async IAsyncEnumerable<byte[]> Pieces(ExportSessionRequest request)
    {
        yield return Whole[..11];
        await Task.Yield();
        yield return Whole[11..];
    }

    private static async IAsyncEnumerable<byte[]> Broken(Exception with)
    {
        yield return Whole[..11];
        await Task.Yield();
        throw with;
    }

    private static async IAsyncEnumerable<byte[]> Endless(
        TaskCompletionSource begun, [EnumeratorCancellation] CancellationToken cancelled = default)
    {
        yield return Whole;
        _ = begun.TrySetResult();
        await new TaskCompletionSource().Task.WaitAsync(cancelled);
    }

    private Task<ForgedSessions> Exporting(
        Func<ExportSessionRequest, IAsyncEnumerable<byte[]>> pieces, params string[] sessions) => new ForgedSessions
        {
            Listing = _ => new ListSessionsResponse
            {
                Sessions = { sessions.Select(session => new Session { SessionId = session }) },
            },
            Exporting = request =>
            {
                _asked.Add(request);
                return pieces(request);
            },
        }.StartAsync();
}
