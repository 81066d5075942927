using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Hardening;

/// <summary>More of something than any client needs, on connections of the attacker's own; those may end.</summary>
[Collection(Alone.Name)]
public sealed class FloodTests
{
    private const int Flood = 100_000;
    private const int Batch = 100;

    // Kestrel says so as a critical error, since it closes the connection when that has too much to answer.
    private const string KestrelEndsConnection = "Http2QueueOperationsExceeded";

    private static readonly byte[] Chat = Http2Frames.Call(TestServer.Chat);

    [Fact]
    public async Task RapidResets_LeaveOthersUnharmed()
    {
        var siege = new Siege();
        await siege.WithstandAsync(async server =>
        {
            server.Tolerated = entry => entry.Event.Name == KestrelEndsConnection;

            // The server ends a connection that overdoes it; the attacker comes back at once.
            for (var sent = 0; sent < Flood;)
            {
                await using var attacker = await Http2Attacker.ConnectAsync(server.Address);
                var stream = 1;
                while (sent < Flood && await attacker.TrySendAsync(OpenAndReset(ref stream)))
                {
                    sent += Batch;
                }

                await attacker.IsInSyncAsync();
            }
        });

        // Many were reset before they got there, but not all, or the attack would have met no call.
        Assert.True(siege.Calls.Entered > Batch, $"{siege.Calls.Entered} handlers were entered.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ContinuationFlood_LeavesOthersUnharmed(bool isEmpty)
    {
        var piece = Http2Frames.Frame(
            Http2Frames.Continuation, 0, 1, isEmpty ? [] : Http2Frames.Literals(("x-more", "and more")));
        byte[] pieces = [.. Enumerable.Repeat(piece, Batch).SelectMany(bytes => bytes)];

        await new Siege().WithstandAsync(async server =>
        {
            await using var attacker = await Http2Attacker.ConnectAsync(server.Address);
            var isOpen = await attacker.TrySendAsync(Http2Frames.Frame(Http2Frames.Headers, 0, 1, Chat));
            for (var sent = 0; sent < Flood && isOpen; sent += Batch)
            {
                isOpen = await attacker.TrySendAsync(pieces);
            }

            // No other frame may come between these, so whoever still listens ends the connection now.
            Assert.False(await attacker.IsInSyncAsync());
        });
    }

    [Fact]
    public async Task PingFlood_LeavesOthersUnharmed()
    {
        var ping = Http2Frames.Frame(Http2Frames.Ping, 0, 0, new byte[8]);
        byte[] pings = [.. Enumerable.Repeat(ping, Batch).SelectMany(bytes => bytes)];

        await new Siege().WithstandAsync(async server =>
        {
            await using var attacker = await Http2Attacker.ConnectAsync(server.Address);
            var isOpen = true;
            for (var sent = 0; sent < Flood && isOpen; sent += Batch)
            {
                isOpen = await attacker.TrySendAsync(pings);
            }

            await attacker.IsInSyncAsync();
        });
    }

    // Each call has written what its client does not take, and would wait for it as long as the connection lives.
    [Fact]
    public async Task ZeroWindowReader_IsCutOffOnEachOfItsStreams()
    {
        const int Streams = 100;
        var clock = new ManualClock();
        var siege = new Siege(clock: clock);
        var count = Http2Frames.Call(TestServer.Count);
        var request = Frames.Of(new CountRequest { Count = 1_000 });

        var streams = Enumerable.Range(0, Streams).Select(i => (2 * i) + 1).ToArray();
        Http2Attacker? attacker = null;
        await siege.WithstandAsync(
            async server =>
            {
                attacker = await Http2Attacker.ConnectAsync(server.Address, Http2Frames.Window(0));
                foreach (var stream in streams)
                {
                    Assert.True(await attacker.TrySendAsync([
                        .. Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndHeaders, stream, count),
                        .. Http2Frames.Frame(Http2Frames.Data, Http2Frames.EndStream, stream, request)]));
                }

                Assert.All(await ReceiveOnEachAsync(Http2Frames.Headers), Assert.NotNull);
            },
            // The clock is everybody's: meanwhile another's answer, too, would seem to wait for long.
            async () =>
            {
                var cuts = ReceiveOnEachAsync(Http2Frames.ResetStream);
                while (!cuts.IsCompleted)
                {
                    clock.Advance(TimeSpan.FromSeconds(3));
                    await Task.Yield();
                }

                Assert.All(await cuts, Assert.NotNull);
                await attacker!.DisposeAsync();
            });

        Assert.True(siege.Calls.Entered >= Streams);

        Task<ServerFrame?[]> ReceiveOnEachAsync(byte type) => Task.WhenAll(streams.Select(
            stream => attacker!.ReceiveAsync(frame => frame.Stream == stream && frame.Type == type)));
    }

    private static byte[] OpenAndReset(ref int stream)
    {
        var frames = new List<byte>();
        for (var i = 0; i < Batch; i++, stream += 2)
        {
            frames.AddRange(Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndHeaders, stream, Chat));
            frames.AddRange(Http2Frames.Cancel(stream));
        }

        return [.. frames];
    }
}
