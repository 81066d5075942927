using Chat.V1;
using ChatGrpc.Client;
using ChatGrpc.Client.Streams;
using ChatGrpc.TestKit;
using Google.Rpc;
using Grpc.Core;
using StatusCode = Grpc.Core.StatusCode;

namespace ChatClient.Tests.Streams;

public sealed class TurnReaderTests
{
    private static readonly string[] Tokens = ["one ", "two ", "three"];

    // session_info, the tokens, done and stream_end.
    private static readonly int Messages = Tokens.Length + 3;

    private readonly HastyTimeProvider _time = new();

    public static TheoryData<int, string> CutsAndTheirKinds
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var kind in new[] { "broken", "SERVICE_STOPPING", "READER_TOO_SLOW", "DEADLINE_EXCEEDED" })
            {
                foreach (var after in Enumerable.Range(0, Messages))
                {
                    data.Add(after, kind);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CutsAndTheirKinds))]
    public async Task Read_CutAnywhere_TellsEachEventOnceAndGeneratesOnce(int after, string kind)
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(after, Kind(kind)).CutAfter(after, Kind(kind));

        var told = await ReadAsync(service);

        var events = told.OfType<TurnUpdate.Told>().Select(update => update.Event).ToList();
        Assert.Equal([1, 2, 3, 4, 5], events.Where(next => next.Sequence > 0).Select(next => next.Sequence));
        Assert.Equal("one two three", Text(events));
        Assert.Equal(1, service.Generations);
        Assert.Contains(told, update => update is TurnUpdate.Lost);
        Assert.DoesNotContain(told, update => update is TurnUpdate.Withdrawn);
    }

    [Fact]
    public async Task Read_CutAfterEveryMessage_StillComesToTheEnd()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        for (var i = 0; i < Messages; i++)
        {
            service.CutAfter(2, Kind("SERVICE_STOPPING"));
        }

        var told = await ReadAsync(service);

        Assert.Equal("one two three", Text(told.OfType<TurnUpdate.Told>().Select(update => update.Event)));
        Assert.Equal([0, 1, 2, 3, 4], service.Requests.Select(request => request.Resume?.AfterSequence ?? 0));
        Assert.Equal(Tokens.Length + 1, told.Count(update => update is TurnUpdate.Lost));
    }

    [Fact]
    public async Task Read_ServiceSaysAllIsWellWithoutAnEnd_ReadsOn()
    {
        var ok = new RpcException(new Grpc.Core.Status(StatusCode.OK, ""));
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(3, ok);

        var told = await ReadAsync(service);

        Assert.Equal("one two three", Text(told.OfType<TurnUpdate.Told>().Select(update => update.Event)));
    }

    [Fact]
    public async Task Read_ServiceThatTellsSomeAgain_PassesThemOnOnce()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.Overlap = 2;
        service.CutAfter(4, Kind("SERVICE_STOPPING"));

        var told = await ReadAsync(service);

        Assert.Equal("one two three", Text(told.OfType<TurnUpdate.Told>().Select(update => update.Event)));
    }

    [Fact]
    public async Task Read_NewOwnerBehindWhatWasTold_WithdrawsTheRest()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(4, Kind("OWNER_LOST"), log => log.ChangeOwner(fence: 1, "zwei ", "drei"));

        var told = await ReadAsync(service);

        var from = told.FindIndex(update => update is TurnUpdate.Withdrawn { AfterSequence: 1 });
        var after = told.Skip(from).OfType<TurnUpdate.Told>().Select(update => update.Event).ToList();
        Assert.Equal("zwei drei", Text(after));
        Assert.Equal([0, 2, 3, 4, 5], after.Select(next => next.Sequence));
        Assert.Equal(3, service.Requests[1].Resume.AfterSequence);
    }

    [Fact]
    public async Task Read_ServiceThatStaysAway_GivesUpAfterItsPatience()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        for (var i = 0; i < 50; i++)
        {
            service.CutAfter(0, Kind("SERVICE_STOPPING"));
        }

        var failure = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(service, patience: 10));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), TimeSpan.FromTicks(_time.Waits.Sum(wait => wait.Ticks)));
        Assert.InRange(_time.Waits[0], Outage.FirstWait / 2, Outage.FirstWait);
        Assert.InRange(_time.Waits[1], Outage.FirstWait, Outage.FirstWait * 2);
        Assert.All(_time.Waits.Skip(5).SkipLast(1), wait => Assert.InRange(
            wait, Outage.LongestWait / 2, Outage.LongestWait));
    }

    [Fact]
    public async Task Read_ServiceThatAsksForTime_GetsIt()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(2, TurnLog.Failure(Code.ResourceExhausted, "READERS_LIMITED", TimeSpan.FromSeconds(7)));

        await ReadAsync(service);

        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(_time.Waits));
    }

    [Theory]
    [InlineData(Code.ResourceExhausted, "QUEUE_FULL")]
    [InlineData(Code.Aborted, "SESSION_BUSY")]
    [InlineData(Code.InvalidArgument, "INVALID_REQUEST")]
    public async Task Read_RequestThatIsRefused_IsNotRepeated(Code code, string reason)
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(0, TurnLog.Failure(code, reason));

        var failure = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(service));

        Assert.Equal((int)code, (int)failure.StatusCode);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task Read_WithoutPatience_FailsAtOnce()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(0, Kind("SERVICE_STOPPING"));

        await Assert.ThrowsAsync<RpcException>(() => ReadAsync(service, patience: 0));

        Assert.Empty(_time.Waits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_FailedTurn_ThrowsItsStatusAlsoWhereTheConnectionBreaksBeforeIt(bool breaks)
    {
        await using var service = await ScriptedService.StartAsync(
            TurnLog.Completed(Tokens).Fail("PROVIDER_RATE_LIMITED"));
        if (breaks)
        {
            service.CutAfter(Messages);
        }

        var failure = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(service));

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Equal("PROVIDER_RATE_LIMITED", failure.GetRpcStatus()!.GetDetail<ErrorInfo>()?.Reason);
    }

    [Fact]
    public async Task Read_StoppedWhileItWaits_Ends()
    {
        await using var service = await ScriptedService.StartAsync(TurnLog.Completed(Tokens));
        service.CutAfter(2, Kind("SERVICE_STOPPING"));
        using var stop = new CancellationTokenSource();
        using var connection = new ChatConnection(service.Address, key: "");
        var outage = new Outage(TimeSpan.FromSeconds(60), new ManualTimeProvider(), new Random(1));
        var updates = new TurnReader(connection.Chat, outage).ReadAsync(Request(), stop.Token).GetAsyncEnumerator();
        while (await updates.MoveNextAsync().InTime() && updates.Current is not TurnUpdate.Lost)
        {
        }

        var next = updates.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
    }

    private async Task<List<TurnUpdate>> ReadAsync(ScriptedService service, double patience = 60)
    {
        using var connection = new ChatConnection(service.Address, key: "");
        var outage = new Outage(TimeSpan.FromSeconds(patience), _time, new Random(1));
        var told = new List<TurnUpdate>();
        var reading = Task.Run(async () =>
        {
            await foreach (var update in new TurnReader(connection.Chat, outage).ReadAsync(Request(), default))
            {
                told.Add(update);
            }
        });
        await reading.InTime();
        return told;
    }

    private static StreamChatRequest Request() => new() { Message = "Count", ClientRequestId = "request-1" };

    private static string Text(IEnumerable<StreamChatResponse> events) =>
        string.Concat(events.Select(next => next.Token?.Text));

    private static RpcException? Kind(string kind) => kind switch
    {
        "broken" => null,
        "DEADLINE_EXCEEDED" => TurnLog.Failure(Code.DeadlineExceeded, kind),
        _ => TurnLog.Failure(Code.Unavailable, kind),
    };
}
