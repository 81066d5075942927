using System.Text;
using Chat.V1;
using ChatGrpc.Conversations;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;
using Google.Protobuf;
using Google.Rpc;

namespace ChatGrpc.Tests.Conversations;

/// <summary>Sessions to files and back, over the real embedded store.</summary>
public sealed class SessionFileTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore _store = null!;
    private SessionImport _import = null!;

    public ValueTask InitializeAsync()
    {
        _store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        _import = new SessionImport(_store, new SessionSignals(), TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Import_AfterDeleting_IsExportedTheSameByteForByte()
    {
        await MakeAsync();
        var file = await ExportAsync();
        _ = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();

        var (session, failure) = await ImportAsync(file);

        Assert.Null(failure);
        Assert.Equal(6, session!.Messages.Count);
        Assert.Equal(Encoding.UTF8.GetString(file), Encoding.UTF8.GetString(await ExportAsync()));
    }

    [Fact]
    public async Task Import_IdsThatAreTaken_AllNewAndTheRestTheSame()
    {
        await MakeAsync();
        var file = await ExportAsync();

        var (session, failure) = await _import.RunAsync("foreign", "", file, CancellationToken.None).InTime();

        Assert.Null(failure);
        var query = new MessageQuery(null, NewestFirst: false, Limit: 200, MaxBytes: long.MaxValue);
        var listed = await _store.ListMessagesAsync(Sample.Tenant, "session", query, CancellationToken.None).InTime();
        Assert.Empty(
            listed!.Messages.Select(each => each.Message.MessageId)
                .Intersect(session!.Messages.Select(each => each.Message.MessageId)));
        var copy = await _store.ListMessagesAsync("foreign", "session", query, CancellationToken.None).InTime();
        Assert.Equal(
            listed.Messages.Select(each => string.Concat(each.Message.Parts)),
            copy!.Messages.Select(each => string.Concat(each.Message.Parts)));
        Assert.Equal(copy.Messages[^1].Message.MessageId, copy.Session.HeadMessageId);
    }

    [Fact]
    public async Task Import_CutAnywhere_NamesThePlaceAndWritesNothing()
    {
        await MakeAsync();
        var file = await ExportAsync();
        _ = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();

        for (var length = 0; length < file.Length; length++)
        {
            var (session, failure) = await ImportAsync(file[..length]);

            Assert.Null(session);
            Assert.Equal((Code.InvalidArgument, "IMPORT_INVALID"), (failure!.Code, failure.Reason));
            Assert.True(failure.Metadata.ContainsKey("line") && failure.Metadata.ContainsKey("byte"));
        }

        Assert.Empty((await _store.ListSessionsAsync(Sample.Tenant, null, 9, CancellationToken.None).InTime()).Sessions);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "version")]
    [InlineData("chatgrpc-session", "other", "format")]
    [InlineData("\"messages\":", "\"massages\":", "massages")]
    [InlineData("\"version\":1", "\"version\":1,\"version\":1", "twice")]
    [InlineData("\"role\":", "\"rule\":", "rule")]
    [InlineData("MESSAGE_ROLE_USER", "MESSAGE_ROLE_UNSPECIFIED", "role")]
    [InlineData("MESSAGE_ROLE_USER", "MESSAGE_ROLE_OTHER", "MESSAGE_ROLE_OTHER")]
    [InlineData("STREAM_STATE_COMPLETED", "STREAM_STATE_QUEUED", "state")]
    [InlineData("\"Question", "\"\\u0000Question", "NUL")]
    [InlineData("\"Question", "\"\\ud83dQuestion", "surrogate")]
    [InlineData("\"createTime\"", "\"updateTime\"", "updateTime")]
    [InlineData("image/png", "image/jpeg", "image")]
    public async Task Import_WhatIsWrong_NamesItAndWritesNothing(string right, string wrong, string named)
    {
        await MakeAsync();
        var text = Encoding.UTF8.GetString(await ExportAsync());
        _ = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();
        var at = text.LastIndexOf(right, StringComparison.Ordinal);
        Assert.NotEqual(-1, at);

        var (session, failure) = await ImportAsync(
            Encoding.UTF8.GetBytes(text[..at] + wrong + text[(at + right.Length)..]));

        Assert.Null(session);
        Assert.Equal("IMPORT_INVALID", failure!.Reason);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Empty((await _store.ListSessionsAsync(Sample.Tenant, null, 9, CancellationToken.None).InTime()).Sessions);
    }

    [Fact]
    public async Task Import_ParentThatComesLater_NamesItsLine()
    {
        await MakeAsync();
        var lines = Encoding.UTF8.GetString(await ExportAsync()).Split('\n');
        _ = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();
        (lines[3], lines[4]) = (lines[4], lines[3]);

        var (_, failure) = await ImportAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

        Assert.Equal(("IMPORT_INVALID", "4"), (failure!.Reason, failure.Metadata["line"]));
        Assert.Contains("parent_message_id", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_NoUtf8OrTooDeep_NamesThePlace()
    {
        var (_, noUtf8) = await ImportAsync([.. "{\n\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        var deep = new string('[', 200) + new string(']', 200);
        var (_, tooDeep) = await ImportAsync(Encoding.UTF8.GetBytes($"{{\"messages\":{deep}}}"));

        Assert.Equal(("2", "6"), (noUtf8!.Metadata["line"], noUtf8.Metadata["byte"]));
        Assert.Equal("IMPORT_INVALID", tooDeep!.Reason);
    }

    [Fact]
    public async Task Import_AnOpenAnswer_IsInterrupted()
    {
        await MakeAsync();
        var turn = Sample.Turn("session", text: "Open");
        _ = await _store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        var file = await ExportAsync();

        var (session, _) = await _import.RunAsync("foreign", "", file, CancellationToken.None).InTime();

        Assert.Equal(StreamState.Interrupted, session!.Messages[^1].Message.Status);
    }

    [Fact]
    public async Task Import_OfATakenSessionId_AlreadyExists()
    {
        await MakeAsync();
        var file = await ExportAsync();

        var (_, failure) = await ImportAsync(file);
        var (other, _) = await _import.RunAsync(Sample.Tenant, "other", file, CancellationToken.None).InTime();

        Assert.Equal((Code.AlreadyExists, "SESSION_EXISTS"), (failure!.Code, failure.Reason));
        Assert.Equal("other", other!.SessionId);
    }

    [Fact]
    public async Task Fork_OfABranch_IsACopyUnderNewIds()
    {
        var first = await MakeAsync();
        var fork = new SessionFork(_store, _import, TimeProvider.System);
        var request = new ForkSessionRequest
        {
            SessionId = "session",
            MessageId = first.Stream.MessageId,
            NewSessionId = "fork",
        };

        var (copy, failure) = await fork.RunAsync(Sample.Tenant, request, CancellationToken.None).InTime();

        Assert.Null(failure);
        Assert.Equal(("fork", 2), (copy!.SessionId, copy.Messages.Count));
        Assert.NotEqual(first.Stream.MessageId, copy.HeadMessageId);
        Assert.Equal(copy.Messages[0].Message.MessageId, copy.Messages[1].Message.ParentId);
        var (_, taken) = await fork.RunAsync(Sample.Tenant, request, CancellationToken.None).InTime();
        Assert.Equal("SESSION_EXISTS", taken!.Reason);
        var (_, foreign) = await fork.RunAsync("foreign", request, CancellationToken.None).InTime();
        Assert.Equal("SESSION_NOT_FOUND", foreign!.Reason);
    }

    [Fact]
    public async Task Fork_OfAnOpenAnswer_MessageOpenAndNothingIsWritten()
    {
        var turn = Sample.Turn("session");
        _ = await _store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        var fork = new SessionFork(_store, _import, TimeProvider.System);

        var (_, failure) = await fork.RunAsync(
            Sample.Tenant, new ForkSessionRequest { SessionId = "session" }, CancellationToken.None).InTime();
        var (copy, _) = await fork.RunAsync(
            Sample.Tenant,
            new ForkSessionRequest { SessionId = "session", MessageId = turn.Stream.UserMessageId },
            CancellationToken.None).InTime();

        Assert.Equal((Code.FailedPrecondition, "MESSAGE_OPEN"), (failure!.Code, failure.Reason));
        Assert.Equal("Hello", Assert.Single(copy!.Messages).Message.Parts[0].Text);
    }

    [Fact]
    public async Task Export_Markdown_IsReadableAndKeepsTextsVerbatim()
    {
        var first = await MakeAsync();

        var text = Encoding.UTF8.GetString(await ExportAsync(ExportFormat.Markdown, first.Stream.MessageId));

        Assert.StartsWith("# Question 1\n", text, StringComparison.Ordinal);
        Assert.Contains("## User (Ada), 2030-01-01 12:00:00 UTC\n\nQuestion 1\nÉ 👨‍👩‍👧 שלום\n", text, StringComparison.Ordinal);
        Assert.Contains("*Image: image/png, 9 bytes*", text, StringComparison.Ordinal);
        Assert.Contains("- Tool `search` with `{\"q\":1}`: `found it`\n", text, StringComparison.Ordinal);
        Assert.Contains("**Document: Paper** (text/markdown)\n\n````\n```\ncode\n```\n````\n", text, StringComparison.Ordinal);
        Assert.Contains("<summary>Reasoning</summary>\n\n```\nSome thoughts\n```\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Edited", text, StringComparison.Ordinal);
    }

    // Three turns: a picture, a tool and a document; an edit of the first message; its answer once more.
    private async Task<NewTurn> MakeAsync()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1];
        var first = Sample.Turn("session") with
        {
            Parts =
            [
                new Part { Text = "Question 1\nÉ 👨‍👩‍👧 שלום" },
                new Part { Image = new Image { MediaType = "image/png", Data = ByteString.CopyFrom(png) } },
            ],
        };
        var step = new TurnStep(
            1, StepKind.Model, StreamState.Completed,
            [
                new StreamChatResponse
                {
                    ToolCall = new ToolCall { Id = "1", Name = "search", ArgumentsJson = "{\"q\":1}" },
                },
                new StreamChatResponse { ToolResult = new ToolResult { Id = "1", Text = "found\nit", DurationMs = 7 } },
                new StreamChatResponse
                {
                    Document = new Document
                    {
                        Id = "2",
                        Title = "Paper",
                        MediaType = "text/markdown",
                        Text = "```\ncode\n```",
                    },
                },
            ]);
        await CloseAsync(first, step);
        var edit = Sample.Turn("session", text: "Edited \u0001 \"quoted\" \\ \u2028 <b>") with
        {
            EditMessageId = first.Stream.UserMessageId,
        };
        await CloseAsync(edit);
        await CloseAsync(Sample.Turn("session", text: "Question 3"));
        return first;
    }

    private async Task CloseAsync(NewTurn turn, params TurnStep[] steps)
    {
        _ = await _store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        _ = await _store.CommitAsync([Sample.Close(turn, 1, 1) with { Steps = steps }], CancellationToken.None).InTime();
    }

    private Task<(NewSession? Session, Failure? Failure)> ImportAsync(byte[] file) =>
        _import.RunAsync(Sample.Tenant, "", file, CancellationToken.None).InTime();

    private async Task<byte[]> ExportAsync(ExportFormat format = ExportFormat.Json, string branch = "")
    {
        var export = new SessionExport(_store);
        var request = new ExportSessionRequest { SessionId = "session", Format = format, BranchMessageId = branch };
        Assert.Null(await export.OpenAsync(Sample.Tenant, request, CancellationToken.None).InTime());
        var file = new List<byte>();
        await foreach (var piece in export.ReadAllAsync(format, CancellationToken.None))
        {
            Assert.InRange(piece.Length, 1, 64 * 1024);
            file.AddRange(piece.Span);
        }

        return [.. file];
    }
}
