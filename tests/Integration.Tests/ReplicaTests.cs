using System.Text;
using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>What is asked of a process about a turn that another one runs.</summary>
public sealed class ReplicaTests(Replicas replicas) : IClassFixture<Replicas>
{
    private readonly string _session = $"{Guid.NewGuid()}";

    [Fact]
    public async Task Resume_TurnOfAnother_ReadsTheSameToTheEnd()
    {
        using var own = Start(replicas.One, "/demo tokens=80 rate=100");
        await own.UntilTokenAsync();

        using var other = Resume(replicas.Two, own, own.Events[^1].Sequence);
        await other.ToEndAsync();
        await own.ToEndAsync();
        using var whole = Resume(replicas.Two, own);
        await whole.ToEndAsync();

        Assert.Equal(StreamState.Completed, own.End.State);
        Assert.Equal(own.Events.Where(each => each.Sequence > 1), other.Events.Skip(1));
        Assert.Equal(own.Answer, whole.Answer);
        whole.CheckContract();
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("request")]
    [InlineData("session")]
    public async Task Cancel_TurnOfAnother_EndsItAndIsToldHow(string target)
    {
        using var own = Start(replicas.One, "/demo rate=max hang after=3");
        await own.UntilTokenAsync();
        using var queued = Start(replicas.One, "/demo tokens=1", request => request.OnBusy = OnBusy.Queue);
        _ = await queued.NextAsync();

        var ended = await replicas.Two.Client.CancelStreamAsync(target switch
        {
            "stream" => new() { StreamId = own.Session.StreamId },
            "session" => new() { SessionId = _session },
            _ => new() { ClientRequestId = RequestIdOf("/demo rate=max hang after=3") },
        });
        await own.ToEndAsync();
        await queued.ToEndAsync();

        var isAll = target == "session";
        Assert.Equal(StreamState.Cancelled, own.End.State);
        Assert.Equal(isAll ? StreamState.Cancelled : StreamState.Completed, queued.End.State);
        Assert.Equal(StreamState.Cancelled, ended.State);
        Assert.Equal(isAll ? queued.End.LastSequence : own.End.LastSequence, ended.LastSequence);
    }

    [Fact]
    public async Task Leave_OfAReaderThatCancels_EndsTheTurnOfAnother()
    {
        using var own = Start(replicas.One, "/demo rate=max hang after=3");
        await own.UntilTokenAsync();
        using (var other = Resume(replicas.Two, own, request => request.OnDisconnect = OnDisconnect.Cancel))
        {
            await other.UntilTokenAsync();
        }

        await own.ToEndAsync();

        Assert.Equal(StreamState.Cancelled, own.End.State);
    }

    [Fact]
    public async Task Send_WhileAnotherAnswers_BusyQueuedOrInsteadOfIt()
    {
        using var first = Start(replicas.One, "/demo rate=max hang after=3");
        await first.UntilTokenAsync();

        using var rejected = Start(replicas.Two, "/demo tokens=1");
        await rejected.ToEndAsync();
        using var queued = Start(replicas.Two, "/demo tokens=2", request => request.OnBusy = OnBusy.Queue);
        _ = await queued.NextAsync();
        using var instead = Start(replicas.Two, "/demo tokens=3", request => request.OnBusy = OnBusy.Interrupt);
        await instead.ToEndAsync();
        await queued.ToEndAsync();
        await first.ToEndAsync();

        Assert.Equal(StatusCode.Aborted, rejected.Failure?.StatusCode);
        Assert.Equal((StreamState.Queued, 1), (queued.Session.State, queued.Session.TurnsAhead));
        Assert.Equal(StreamState.Cancelled, first.End.State);
        Assert.Equal(StreamState.Cancelled, queued.End.State);
        Assert.Equal(StreamState.Completed, instead.End.State);
    }

    [Fact]
    public async Task Queue_BehindTheTurnOfAnother_RunsWhenThatHasEnded()
    {
        using var first = Start(replicas.One, "/demo tokens=40 rate=10");
        _ = await first.NextAsync();
        using var queued = Start(replicas.Two, "/demo tokens=2 rate=max", request => request.OnBusy = OnBusy.Queue);

        await queued.ToEndAsync();

        Assert.Equal(StreamState.Queued, queued.Session.State);
        Assert.Equal(StreamState.Completed, queued.End.State);
        await first.ToEndAsync();
        Assert.Equal(StreamState.Completed, first.End.State);
    }

    [Fact]
    public async Task Send_TheSameRequestAgain_ReadsTheTurnOfAnother()
    {
        using var own = Start(replicas.One, "/demo tokens=40 rate=100");
        await own.UntilTokenAsync();

        using var again = Start(replicas.Two, "/demo tokens=40 rate=100");
        await again.ToEndAsync();
        await own.ToEndAsync();

        Assert.Equal(own.Session.StreamId, again.Session.StreamId);
        Assert.Equal(own.Answer, again.Answer);
    }

    [Fact]
    public async Task Submit_ToATurnOfAnother_IsTakenOnceAndItGoesOn()
    {
        using var own = Start(replicas.One, "/demo call=look rate=max", Looking);
        var call = await own.UntilCallAsync();

        var taken = await SubmitAsync(replicas.Two, own, call.Id, "a cat");
        await own.ToEndAsync();

        Assert.Equal(StreamState.Completed, own.End.State);
        Assert.Contains(taken.State, (StreamState[])[StreamState.Running, StreamState.Completed]);
        Assert.Equal("a cat", own.Events.Single(each => each.ToolResult is not null).ToolResult.Text);
        Assert.Equal(StreamState.Completed, (await SubmitAsync(replicas.Two, own, call.Id, "a cat")).State);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => SubmitAsync(replicas.Two, own, call.Id, "a dog"));
        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
    }

    [Fact]
    public async Task Delete_SessionInWhichAnotherAnswers_EndsItFirst()
    {
        using var own = Start(replicas.One, "/demo rate=max hang after=3");
        await own.UntilTokenAsync();

        _ = await replicas.Two.Sessions().DeleteSessionAsync(new DeleteSessionRequest { SessionId = _session });

        await own.ToEndAsync();
        Assert.Equal(StreamState.Cancelled, own.End.State);
    }

    private static void Looking(StreamChatRequest request) =>
        request.Tools = new() { ClientTools = { new ClientTool { Name = "look", Description = "Looks around." } } };

    private Reading Start(Deployment at, string message, Action<StreamChatRequest>? change = null)
    {
        var request = new StreamChatRequest
        {
            SessionId = _session,
            Message = message,
            ClientRequestId = RequestIdOf(message),
        };
        change?.Invoke(request);
        return Reading.Start(at.Client, request);
    }

    private string RequestIdOf(string message) => $"{_session}.{Convert.ToHexString(Encoding.UTF8.GetBytes(message))}";

    private static Reading Resume(Deployment at, Reading known, long after = 0) =>
        Resume(at, known, request => request.Resume.AfterSequence = after);

    private static Reading Resume(Deployment at, Reading known, Action<StreamChatRequest> change)
    {
        var request = new StreamChatRequest
        {
            Resume = new Resume { StreamId = known.Session.StreamId, Epoch = known.Session.Epoch },
        };
        change(request);
        return Reading.Start(at.Client, request);
    }

    private static async Task<SubmitToolResultResponse> SubmitAsync(
        Deployment at, Reading reading, string callId, string text) =>
        await at.Client.SubmitToolResultAsync(
            new SubmitToolResultRequest { StreamId = reading.Session.StreamId, ToolCallId = callId, Text = text });
}
