using Chat.V1;
using ChatGrpc.Conversations;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Tests.Conversations;

/// <summary>Sessions that are larger than a file may be.</summary>
public sealed class SessionSizeTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore _store = null!;

    public ValueTask InitializeAsync()
    {
        _store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ForkAndExport_DocumentsOfMoreThan64MiB_SessionTooLarge()
    {
        var document = new Document { Id = "1", Title = "Paper", Text = new string('x', 8 * 1024 * 1024) };
        var messages = new List<ListedMessage> { Samples.Question(1) };
        for (var i = 2; i <= 9; i++)
        {
            messages.Add(Samples.Answer(i, messages[0], document));
        }

        // One branch of one answer only: all the others stand beside it.
        var question = Samples.Question(10);
        question = question with
        {
            Message = question.Message with { ParentId = messages[^1].Message.MessageId },
        };
        messages.Add(question);
        messages.Add(Samples.Answer(11, question, document));
        await WriteAsync(messages);

        var (pieces, failure) = await ExportAsync(ExportFormat.Json);
        var fork = await ForkAsync();

        Assert.Equal((Code.FailedPrecondition, "SESSION_TOO_LARGE"), (failure!.Code, failure.Reason));
        Assert.InRange(pieces, 1, SessionFile.MaxBytes);
        Assert.Equal(4, fork.Session!.Messages.Count);
    }

    [Fact]
    public async Task Fork_ABranchWithDocumentsOfMoreThan64MiB_SessionTooLarge()
    {
        var document = new Document { Id = "1", Title = "Paper", Text = new string('x', 8 * 1024 * 1024) };
        var messages = new List<ListedMessage>();
        for (var i = 1; i <= 18; i += 2)
        {
            var question = Samples.Question(i);
            question = question with
            {
                Message = question.Message with { ParentId = messages.LastOrDefault()?.Message.MessageId },
            };
            messages.Add(question);
            messages.Add(Samples.Answer(i + 1, question, document));
        }

        await WriteAsync(messages);

        Assert.Equal("SESSION_TOO_LARGE", (await ForkAsync()).Failure?.Reason);
    }

    [Fact]
    public async Task Open_MoreMessagesThanAFileHas_RefusedAsJsonBeforeAnythingIsSent()
    {
        await WriteAsync(
            [.. Enumerable.Range(1, SessionFile.MaxMessages + 1).Select(i => Samples.Question(i))]);

        var (pieces, failure) = await ExportAsync(ExportFormat.Json);
        var (_, readable) = await ExportAsync(ExportFormat.Markdown);

        Assert.Equal((0, "SESSION_TOO_LARGE"), (pieces, failure?.Reason));
        Assert.Null(readable);
    }

    private async Task WriteAsync(IReadOnlyList<ListedMessage> messages) => Assert.Equal(
        ImportOutcome.Imported,
        await _store.ImportSessionAsync(
            Samples.Session(Sample.Tenant, "session", messages), CancellationToken.None).InTime());

    private Task<(NewSession? Session, Failure? Failure)> ForkAsync()
    {
        var import = new SessionImport(_store, new SessionSignals(), TimeProvider.System);
        var request = new ForkSessionRequest { SessionId = "session" };
        return new SessionFork(_store, import, TimeProvider.System)
            .RunAsync(Sample.Tenant, request, CancellationToken.None).InTime();
    }

    private async Task<(long Bytes, Failure? Failure)> ExportAsync(ExportFormat format)
    {
        var export = new SessionExport(_store);
        var request = new ExportSessionRequest { SessionId = "session", Format = format };
        if (await export.OpenAsync(Sample.Tenant, request, CancellationToken.None).InTime() is { } refused)
        {
            return (0, refused);
        }

        var bytes = 0L;
        await foreach (var piece in export.ReadAllAsync(format, CancellationToken.None))
        {
            bytes += piece.Length;
        }

        return (bytes, export.Failure);
    }
}
