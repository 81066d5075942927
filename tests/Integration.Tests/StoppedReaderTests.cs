using Chat.V1;
using ChatGrpc.TestKit;

namespace Integration.Tests;

/// <summary>Clients that have stopped reading, on the connection of those that read.</summary>
public sealed class StoppedReaderTests
{
    [Fact]
    public async Task StreamChat_TwentyReadersStop_TheyAreCutAndFiftyOthersDoNotNotice()
    {
        const int Stopped = 20;
        const int Live = 50;
        await using var deployment = await Deployment.StartAsync();

        // Far more than HTTP/2 lets a stream send that is not read.
        var stopped = await StartAsync(deployment, Stopped, "/demo tokens=20000 rate=max");

        // Longer than the write deadline of 15 s and the 3 s by which a service may notice it late.
        var live = await StartAsync(deployment, Live, "/demo tokens=400 rate=20");
        await Task.WhenAll(live.Select(reading => reading.ToEndAsync()));
        await Task.WhenAll(stopped.Select(reading => reading.ToEndAsync()));

        Assert.All(live, reading =>
        {
            reading.CheckContract();
            Assert.Equal(StreamState.Completed, reading.End.State);
            reading.Dispose();
        });
        foreach (var reading in stopped)
        {
            Assert.NotNull(reading.Failure);
            Assert.DoesNotContain(reading.Events, e => e.StreamEnd is not null);
            var whole = ResumingReader.Of(reading.Session.StreamId);
            await whole.ReadOnAsync(deployment.Client);
            whole.CheckContract();
            Assert.Equal(StreamState.Completed, whole.End.State);
            Assert.Equal(whole.Log.Take(reading.Events.Count - 1), reading.Events.Skip(1));
            reading.Dispose();
        }
    }

    private static async Task<Reading[]> StartAsync(Deployment deployment, int count, string message)
    {
        var readings = Enumerable.Range(0, count)
            .Select(_ => Reading.Start(deployment.Client, new StreamChatRequest { Message = message })).ToArray();
        foreach (var reading in readings)
        {
            await reading.UntilTokenAsync();
        }

        return readings;
    }
}
