using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Faults;
using Grpc.Core;

namespace Integration.Tests;

public sealed class ResumeTests
{
    [Fact]
    public async Task Resume_AfterAThousandRandomDrops_EveryReaderHasTheLogByteForByte()
    {
        const int Turns = 20;
        const int Drops = 1_000;
        const int DropsOfEach = Drops / Turns;
        var dice = Dice.Roll();
        var seeds = new int[Turns];
        await using var deployment = await Deployment.StartAsync("Chat:Turns:TailBytes=16384");

        var readers = await Task.WhenAll(seeds.Select((_, turn) => SurviveAsync(
            deployment, turn, new Random(dice.Next()), DropsOfEach)));

        Assert.True(readers.Sum(reader => reader.Drops) >= Drops);
        foreach (var (reader, _) in readers)
        {
            reader.CheckContract();
            Assert.Equal(StreamState.Completed, reader.End.State);
            Assert.Equal((await WholeLogAsync(deployment, reader.Info!)).LogDigest, reader.LogDigest);
        }
    }

    [Fact]
    public async Task Resume_FiftyReadersOfOneStream_GetIdenticalBytes()
    {
        const int Readers = 50;
        const int Tokens = 200;
        await using var deployment = await Deployment.StartWithStandInAsync();
        var first = new ResumingReader(new StreamChatRequest { Message = "Count", ClientRequestId = "count" });
        var here = new TaskCompletionSource();
        var leaving = first.ReadOnAsync(deployment.Client, here.Task);
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        for (var i = 0; i < Tokens / 2; i++)
        {
            await exchange.WriteTextAsync($"{i} ");
        }

        here.SetResult();
        await leaving;
        var readers = Enumerable.Range(0, Readers).Select(_ => first.Copy()).ToArray();
        var reading = Task.WhenAll(readers.Select(reader => reader.ReadOnAsync(deployment.Client)));
        for (var i = Tokens / 2; i < Tokens; i++)
        {
            await exchange.WriteTextAsync($"{i} ");
        }

        await exchange.FinishAsync();
        await reading;

        var whole = await WholeLogAsync(deployment, first.Info!);
        Assert.Equal(Tokens, whole.Log.Count(logged => logged.Token is not null));
        Assert.All(readers, reader =>
        {
            reader.CheckContract();
            Assert.Equal(whole.LogDigest, reader.LogDigest);
        });
    }

    [Theory]
    [InlineData(nameof(Fault.Close))]
    [InlineData(nameof(Fault.Reset))]
    [InlineData(nameof(Fault.HalfClose))]
    public async Task StreamChat_ConnectionBreaks_IsUnavailableAndResumes(string fault)
    {
        await using var deployment = await Deployment.StartAsync();
        await using var proxy = FaultProxy.Start(
            deployment.Process.Address, () => new FaultPlan(Enum.Parse<Fault>(fault), AfterBytes: 5_000));
        var reader = new ResumingReader(
            new StreamChatRequest { Message = "/demo tokens=1000 rate=max", ClientRequestId = "r" });

        await reader.ReadOnAsync(proxy.Address);
        var status = reader.Status;
        var seen = reader.Log.Count;
        await reader.ReadOnAsync(deployment.Client);

        Assert.Equal((StatusCode.Unavailable, 1), (status, proxy.Faults));
        // What had arrived and was not read yet may be lost with the connection.
        Assert.InRange(seen, 0, 500);
        reader.CheckContract();
        Assert.Equal(StreamState.Completed, reader.End.State);
    }

    [Fact]
    public async Task StreamChat_NetworkHoldsThenGoesOn_NothingIsLost()
    {
        await using var deployment = await Deployment.StartAsync();
        await using var proxy = FaultProxy.Start(
            deployment.Process.Address, () => new FaultPlan(Fault.Hold, AfterBytes: 5_000));
        var reader = new ResumingReader(
            new StreamChatRequest { Message = "/demo tokens=1000 rate=max", ClientRequestId = "r" });

        var reading = reader.ReadOnAsync(proxy.Address);
        await proxy.Held.InTime();
        var other = await Reading.AllAsync(deployment.Client, new StreamChatRequest { Message = "Hello" });
        Assert.False(reading.IsCompleted);
        proxy.Release();
        await reading;

        Assert.Equal(StreamState.Completed, other.End.State);
        Assert.Equal(StatusCode.OK, reader.Status);
        reader.CheckContract();
    }

    private static async Task<(ResumingReader Reader, int Drops)> SurviveAsync(
        Deployment deployment, int turn, Random dice, int drops)
    {
        // Half of the turns are over long before their readers; the others are live for most of the time.
        var rate = turn % 2 == 0 ? "max" : "300";
        var reader = new ResumingReader(new StreamChatRequest
        {
            Message = $"/demo tokens=4000 rate={rate} reasoning=5",
            ClientRequestId = $"drops-{turn}",
        });
        await using var proxy = FaultProxy.Start(deployment.Process.Address, () => FaultPlan.Cut(dice, 2_000));
        while (!reader.HasEnded && proxy.Faults < drops)
        {
            await reader.ReadOnAsync(proxy.Address);
        }

        var met = proxy.Faults;
        Assert.True(met >= drops, $"The stream was read after {met} drops; {drops} were wanted.");
        while (!reader.HasEnded)
        {
            await reader.ReadOnAsync(deployment.Process.Address);
        }

        return (reader, met);
    }

    private static async Task<ResumingReader> WholeLogAsync(Deployment deployment, SessionInfo info)
    {
        var whole = ResumingReader.Of(info.StreamId);
        await whole.ReadOnAsync(deployment.Client);
        whole.CheckContract();
        return whole;
    }
}
