using System.Security.Cryptography;
using Chat.V1;
using ChatClient.Tests.Sessions;
using ChatClient.Tests.Streams;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ChatClient.Tests.Transfer;

public sealed class ImportCommandTests : IDisposable
{
    private const int PieceLength = 64 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly List<ImportSessionRequest> _pieces = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(PieceLength - 1, 1)]
    [InlineData(PieceLength, 2)]
    [InlineData(3 * PieceLength + 7, 4)]
    public async Task Import_AFile_GoesInPiecesWithTheIdInTheFirst(int length, int pieces)
    {
        await using var service = await Importing();
        using var chat = new ChatProgram();
        var (file, content) = await FileAsync("a.json", length);

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "import", file, "--session", "new"));
        Assert.Equal(["new", .. Enumerable.Repeat("", pieces - 1)], _pieces.Select(piece => piece.SessionId));
        Assert.All(_pieces, piece => Assert.InRange(piece.Data.Length, 0, PieceLength));
        Assert.Equal(content, _pieces.SelectMany(piece => piece.Data));
        Assert.Equal(("  made  2030-01-01 12:00  Tea (12 messages)\n", ""), (chat.Output, chat.Error));
    }

    [Fact]
    public async Task Import_StandardInput_IsReadAsBytes()
    {
        await using var service = await Importing();
        byte[] content = [0xFF, 0x00, 0xC3];
        using var chat = new ChatProgram { InputBytes = new MemoryStream(content) };

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "import", "-"));
        Assert.Equal(content, _pieces.SelectMany(piece => piece.Data));
    }

    [Fact]
    public async Task Import_OneFileOfThreeRefusedAndOneAbsent_TellsThemAndImportsTheThird()
    {
        var calls = 0;
        await using var service = await Importing(() => ++calls == 1
            ? TurnLog.Failure(Code.InvalidArgument, "IMPORT_INVALID")
            : null);
        using var chat = new ChatProgram();
        var (wrong, _) = await FileAsync("wrong.json", 5);
        var (right, _) = await FileAsync("right.json", 5);

        Assert.Equal(3, await chat.RunAsync(service.Address, "import", wrong, "/nowhere/at/all.json", right, "--json"));
        Assert.Equal(12, Google.Protobuf.JsonParser.Default.Parse<ImportSessionResponse>(chat.Output).MessageCount);
        Assert.StartsWith(
            $"{wrong} is not imported:\nIt is so. (IMPORT_INVALID)\n/nowhere/at/all.json cannot be",
            chat.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_RefusedInTheMiddle_StopsSendingAndSaysWhy()
    {
        await using var service = await Importing(
            () => TurnLog.Failure(Code.ResourceExhausted, "IMPORT_TOO_LARGE"), readAll: false);
        using var chat = new ChatProgram { InputBytes = new EndlessStream() };

        Assert.Equal(8, await chat.RunAsync(service.Address, "import", "-"));
        Assert.Contains("(IMPORT_TOO_LARGE)", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ALargeFileAtATerminal_TellsHowFarItIs()
    {
        await using var service = await Importing();
        using var chat = new ChatProgram { ErrorIsTerminal = true };
        var (file, _) = await FileAsync("large.json", 5 * 1024 * 1024);

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "import", file));
        Assert.Contains($"\r\e[K{file}: 50 %\r", chat.Error, StringComparison.Ordinal);
        Assert.EndsWith($"{file}: 100 %\r\e[K", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ControlC_InAnImport_EndsTheCall()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await new ForgedSessions
        {
            Importing = async requests =>
            {
                try
                {
                    while (await requests.MoveNext(CancellationToken.None))
                    {
                        _pieces.Add(requests.Current);
                    }
                }
                finally
                {
                    ended.TrySetResult();
                }

                throw new InvalidOperationException("It came to its end.");
            },
        }.StartAsync();
        using var input = new EndlessStream { Stops = true };
        using var chat = new ChatProgram { InputBytes = input };
        var running = chat.RunAsync(service.Address, "import", "-");
        await input.Paused.InTime();

        Assert.True(chat.Interrupts.Press());

        Assert.Equal(ExitCodes.Interrupted, await running);
        await ended.Task.InTime();
    }

    private async Task<(string Path, byte[] Content)> FileAsync(string name, int length)
    {
        var path = Path.Combine(_folder.Path, name);
        var content = RandomNumberGenerator.GetBytes(length);
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        return (path, content);
    }

    private Task<ForgedSessions> Importing(Func<RpcException?>? refuse = null, bool readAll = true) =>
        new ForgedSessions
        {
            Importing = async requests =>
            {
                while (readAll && await requests.MoveNext(CancellationToken.None))
                {
                    _pieces.Add(requests.Current);
                }

                return refuse?.Invoke() is { } refused ? throw refused : new ImportSessionResponse
                {
                    Session = new Session
                    {
                        SessionId = "made",
                        Title = "Tea",
                        UpdateTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2030, 1, 1, 12, 0, 0, default)),
                    },
                    MessageCount = 12,
                };
            },
        }.StartAsync();
}
