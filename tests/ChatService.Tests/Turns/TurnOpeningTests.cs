using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnOpeningTests
{
    [Fact]
    public async Task Start_UnknownModelOrAgent_NotFoundAndNothingSaved()
    {
        await using var scene = new TurnScene();

        var model = await scene.FailAsync(new StreamChatRequest { Message = "x", Model = "dmo" });
        var agent = await scene.FailAsync(new StreamChatRequest { Message = "x", Agent = new string('a', 500) });

        Assert.Equal((Code.NotFound, "MODEL_NOT_FOUND"), (model.Code, model.Reason));
        Assert.Equal("There is no model 'dmo'. Did you mean demo? Models here: demo.", model.Message);
        Assert.Equal((Code.NotFound, "AGENT_NOT_FOUND"), (agent.Code, agent.Reason));
        Assert.InRange(agent.Message.Length, 100, 150);
        Assert.Empty(await scene.OpenAsync());
        Assert.Empty(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_BusySession_AbortedWithTheStreamInTheWay()
    {
        await using var scene = new TurnScene();
        var running = await scene.StartAsync("/demo hang after=0");

        var busy = await scene.FailAsync(new StreamChatRequest { Message = "x", SessionId = "session" });

        Assert.Equal((Code.Aborted, "SESSION_BUSY", true), (busy.Code, busy.Reason, busy.Retryable));
        Assert.Equal(running.Record.StreamId, busy.Metadata["stream_id"]);
    }

    [Fact]
    public async Task Start_RequestIdOfAnotherMessage_AlreadyExistsAndTheModelIsAskedOnce()
    {
        await using var scene = new TurnScene();
        var request = new StreamChatRequest { Message = "/demo tokens=1 rate=max", ClientRequestId = "once" };
        var first = await scene.StartAsync(request);
        _ = await scene.Read(first).ToEndAsync();

        var other = await scene.FailAsync(new StreamChatRequest(request) { Message = "/demo tokens=2 rate=max" });

        Assert.Equal((Code.AlreadyExists, "REQUEST_ID_TAKEN"), (other.Code, other.Reason));
        Assert.Equal(first.Record.StreamId, other.Metadata["stream_id"]);
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_SentBeforeAndNothingMayBegin_IsTheSameStream()
    {
        await using var scene = new TurnScene();
        var request = new StreamChatRequest { Message = "/demo tokens=1 rate=max", ClientRequestId = "once" };
        var first = await ReadAsync(scene, request);
        scene.Drain.Begin();

        Assert.Equal(first.Logged, (await ReadAsync(scene, request)).Logged);
        Assert.Equal(
            "REQUEST_ID_TAKEN", (await scene.FailAsync(new StreamChatRequest(request) { Message = "x" })).Reason);
        Assert.Equal(
            "SERVICE_STOPPING",
            (await scene.FailAsync(new StreamChatRequest(request) { ClientRequestId = "new" })).Reason);
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_SameRequestWithItsMapsInAnotherOrder_IsTheSameStream()
    {
        await using var scene = new TurnScene();
        var request = new StreamChatRequest { Message = "/demo tokens=1 rate=max", ClientRequestId = "once" };
        var (one, other) = (request.Clone(), request.Clone());
        one.Metadata.Add(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" });
        other.Metadata.Add(new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });

        var first = await ReadAsync(scene, one);

        Assert.Equal(first.Logged, (await ReadAsync(scene, other)).Logged);
    }

    [Theory]
    [InlineData("/demo tokens=20 rate=max", StreamState.Completed)]
    [InlineData("/demo fail=network after=3 rate=max", StreamState.Failed)]
    public async Task Start_SameRequestAgain_IsTheSameStreamWhateverItCameTo(string message, StreamState state)
    {
        await using var scene = new TurnScene();
        var request = new StreamChatRequest { Message = message, ClientRequestId = "once" };
        var first = await scene.Read(await scene.StartAsync(request)).ToEndAsync();

        var again = await ReadAsync(scene, new StreamChatRequest(request)
        {
            OnBusy = OnBusy.Queue,
            OnDisconnect = OnDisconnect.Cancel,
            Coalescing = new Coalescing { MaxDelayMs = 10 },
            Pacing = new Pacing { Strategy = PacingStrategy.Adaptive },
            Durability = Durability.Strict,
        });

        Assert.Equal(state, again.End.State);
        Assert.Equal(first.Logged, again.Logged);
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_OneRequestIdAHundredTimesAtOnce_OneStream()
    {
        await using var scene = new TurnScene();
        var request = new StreamChatRequest { Message = "/demo tokens=1 rate=max", ClientRequestId = "once" };

        var readings = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            _ => Task.Run(() => ReadAsync(scene, request)))).InTime();

        Assert.All(readings, reading => Assert.Equal(readings[0].Logged, reading.Logged));
        Assert.Single(readings.Select(reading => reading.Events[0].SessionInfo.StreamId).Distinct());
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_UnknownParent_NotFound()
    {
        await using var scene = new TurnScene();

        var failure = await scene.FailAsync(new StreamChatRequest { Message = "x", ParentMessageId = "nothing" });

        Assert.Equal((Code.NotFound, "PARENT_NOT_FOUND"), (failure.Code, failure.Reason));
    }

    [Fact]
    public async Task Start_StoreAway_ThrowsAndTheModelIsNotAsked()
    {
        await using var scene = new TurnScene();
        scene.Store.Down = true;

        await Assert.ThrowsAsync<StoreException>(() => scene.StartAsync("x"));

        Assert.Empty(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_HistoryCannotBeRead_FailedUnavailable()
    {
        await using var scene = new TurnScene();
        scene.Store.BreaksAfterOpening = true;
        var reading = await scene.AllAsync("x");

        Assert.Equal("SessionInfo Error StreamEnd", reading.Shape);
        Assert.Equal("STORE_UNAVAILABLE", reading.Logged[0].Error.Reason);
    }

    [Fact]
    public async Task Start_NoSessionId_ANewSessionEachTime()
    {
        await using var scene = new TurnScene();
        var one = await scene.AllAsync("/demo tokens=1 rate=max", session: "");
        var two = await scene.AllAsync("/demo tokens=1 rate=max", session: "");

        var ids = new[] { one, two }.SelectMany(reading => new[]
        {
            reading.Events[0].SessionInfo.SessionId, reading.Events[0].SessionInfo.StreamId,
            reading.Events[0].SessionInfo.MessageId, reading.Events[0].SessionInfo.UserMessageId,
        }).ToList();
        Assert.Equal(8, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(7, Guid.Parse(id).Version));
    }

    [Fact]
    public async Task Start_RightAfterTheEnd_SessionIsFree()
    {
        await using var scene = new TurnScene();
        for (var i = 0; i < 50; i++)
        {
            _ = await scene.AllAsync("/demo tokens=1 rate=max");
        }

        Assert.Equal(50, scene.Model.Requests.Count);
    }

    private static async Task<Reading> ReadAsync(TurnScene scene, StreamChatRequest request)
    {
        var started = await scene.Opening.StartAsync(TurnScene.Tenant, request, CancellationToken.None).InTime();
        return await new Reading(started.Reader!).ToEndAsync();
    }
}
