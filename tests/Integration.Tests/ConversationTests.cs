using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>Branches, search, files and forks over a wire.</summary>
public sealed class ConversationTests
{
    private const string Quick = "/demo tokens=2 rate=max";

    [Fact]
    public async Task SelectBranch_AfterAnEdit_GoesOnThereAndItsWatcherHears()
    {
        await using var deployment = await Deployment.StartAsync();
        var sessions = deployment.Sessions();
        var first = await SayAsync(deployment, new StreamChatRequest { Message = Quick });
        var edit = await SayAsync(
            deployment,
            new StreamChatRequest { Message = "/demo tokens=3 rate=max", EditMessageId = first.UserMessageId });
        using var watch = sessions.WatchSession(new WatchSessionRequest { SessionId = "s" });
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).InTime());
        Assert.Equal(edit.MessageId, watch.ResponseStream.Current.Session.HeadMessageId);

        var selected = await sessions.SelectBranchAsync(
            new SelectBranchRequest { SessionId = "s", MessageId = first.UserMessageId });

        Assert.Equal(first.MessageId, selected.Session.HeadMessageId);
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).InTime());
        Assert.Equal(first.MessageId, watch.ResponseStream.Current.Session.HeadMessageId);
        var again = await SayAsync(deployment, new StreamChatRequest { RegenerateMessageId = first.MessageId });
        var branch = await sessions.ListMessagesAsync(
            new ListMessagesRequest { SessionId = "s", BranchMessageId = again.MessageId });
        Assert.Equal([first.UserMessageId, again.MessageId], branch.Messages.Select(message => message.MessageId));
        Assert.Equal([first.MessageId, again.MessageId], branch.Messages[1].SiblingMessageIds);
        Assert.Equal([first.UserMessageId, edit.UserMessageId], branch.Messages[0].SiblingMessageIds);
    }

    [Fact]
    public async Task SearchMessages_AcrossARestart_FindsWordsAndTheirParts()
    {
        await using var deployment = await Deployment.StartAsync();
        var turn = await SayAsync(deployment, new StreamChatRequest { Message = $"{Quick}\nЁлка und 人工智能" });
        await deployment.Process.StopAsync().InTime();
        await deployment.StartAgainAsync();

        foreach (var query in (string[])["елк", "工智", "\"UND 人工\""])
        {
            var found = await deployment.Sessions().SearchMessagesAsync(new SearchMessagesRequest { Query = query });

            var hit = Assert.Single(found.Hits);
            Assert.Equal(("s", turn.UserMessageId, ""), (hit.SessionId, hit.MessageId, found.NextPageToken));
            Assert.Equal($"{Quick} Ёлка und 人工智能", hit.Snippet);
            Assert.Single(hit.Matches);
        }
    }

    [Fact]
    public async Task ImportSession_OfAnExportInSmallPieces_IsExportedTheSame()
    {
        await using var deployment = await Deployment.StartAsync();
        var sessions = deployment.Sessions();
        var first = await SayAsync(deployment, new StreamChatRequest { Message = Quick });
        _ = await SayAsync(deployment, new StreamChatRequest { RegenerateMessageId = first.MessageId });
        var file = await ExportAsync(sessions, "s");
        _ = await sessions.DeleteSessionAsync(new DeleteSessionRequest { SessionId = "s" });

        var imported = await ImportAsync(sessions, file, 100);

        Assert.Equal(("s", 3), (imported.Session.SessionId, imported.MessageCount));
        Assert.Equal(file, await ExportAsync(sessions, "s"));
        var next = await SayAsync(deployment, new StreamChatRequest { Message = Quick });
        Assert.NotEmpty(next.MessageId);
    }

    [Fact]
    public async Task ImportSession_HalfAFile_NothingIsImportedAndThePlaceIsNamed()
    {
        await using var deployment = await Deployment.StartAsync();
        var sessions = deployment.Sessions();
        _ = await SayAsync(deployment, new StreamChatRequest { Message = Quick });
        var file = await ExportAsync(sessions, "s");
        _ = await sessions.DeleteSessionAsync(new DeleteSessionRequest { SessionId = "s" });

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => ImportAsync(sessions, file[..(file.Length / 2)], 1_000));

        var info = failure.GetRpcStatus()!.GetDetail<ErrorInfo>()!;
        Assert.Equal((StatusCode.InvalidArgument, "IMPORT_INVALID"), (failure.StatusCode, info.Reason));
        Assert.Contains("line", info.Metadata.Keys);
        Assert.Empty((await sessions.ListSessionsAsync(new ListSessionsRequest())).Sessions);
    }

    [Fact]
    public async Task ImportSession_MoreThan64MiB_RefusedWhileItComes()
    {
        await using var deployment = await Deployment.StartAsync();
        using var call = deployment.Sessions().ImportSession();
        var piece = new ImportSessionRequest { Data = ByteString.CopyFrom(new byte[8 * 1024 * 1024]) };

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            try
            {
                // A write may stand still when the other side has answered and reads no more.
                for (var i = 0; i < 100 && !call.ResponseAsync.IsCompleted; i++)
                {
                    await await Task.WhenAny(call.RequestStream.WriteAsync(piece), call.ResponseAsync).InTime();
                }
            }
            catch (Exception gone) when (gone is RpcException or InvalidOperationException)
            {
                // The service has answered and takes no more.
            }

            _ = await call.ResponseAsync.InTime();
        });

        Assert.Equal(
            (StatusCode.ResourceExhausted, "IMPORT_TOO_LARGE"),
            (failure.StatusCode, failure.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
    }

    [Fact]
    public async Task ForkSession_OfAMessage_IsASessionOfItsOwn()
    {
        await using var deployment = await Deployment.StartAsync();
        var sessions = deployment.Sessions();
        var first = await SayAsync(deployment, new StreamChatRequest { Message = Quick });
        _ = await SayAsync(deployment, new StreamChatRequest { Message = Quick });

        var fork = await sessions.ForkSessionAsync(
            new ForkSessionRequest { SessionId = "s", MessageId = first.MessageId, NewSessionId = "fork" });

        var messages = (await sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = "fork" })).Messages;
        Assert.Equal(2, messages.Count);
        Assert.Equal(fork.Session.HeadMessageId, messages[^1].MessageId);
        Assert.DoesNotContain(first.MessageId, messages.Select(message => message.MessageId));
    }

    private static async Task<SessionInfo> SayAsync(Deployment deployment, StreamChatRequest request)
    {
        request.SessionId = "s";
        using var reading = await Reading.AllAsync(deployment.Client, request);
        Assert.Null(reading.Failure);
        return reading.Session;
    }

    private static async Task<byte[]> ExportAsync(SessionService.SessionServiceClient sessions, string session)
    {
        using var call = sessions.ExportSession(new ExportSessionRequest { SessionId = session });
        var file = new List<byte>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).InTime())
        {
            file.AddRange(call.ResponseStream.Current.Data);
        }

        return [.. file];
    }

    private static async Task<ImportSessionResponse> ImportAsync(
        SessionService.SessionServiceClient sessions, byte[] file, int size)
    {
        using var call = sessions.ImportSession();
        foreach (var piece in file.Chunk(size))
        {
            await call.RequestStream.WriteAsync(
                new ImportSessionRequest { Data = ByteString.CopyFrom(piece) }).InTime();
        }

        await call.RequestStream.CompleteAsync().InTime();
        return await call.ResponseAsync.InTime();
    }
}
