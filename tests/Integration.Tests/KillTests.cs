using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>kill -9 and a restart, again and again, while clients stream.</summary>
public sealed class KillTests
{
    private const int Kills = 10;
    private const int TurnsOfEach = 8;
    private const int Deltas = 1_000;

    [Fact]
    public async Task KillAndRestart_AtRandomPoints_EveryClientEndsWithTheCommittedLog()
    {
        var dice = Dice.Roll();
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var ended = new CancellationTokenSource();
        var provider = AnswerAllAsync(deployment.StandIn, ended.Token);
        var clients = new List<ResumingReader>();

        for (var kill = 0; kill < Kills; kill++)
        {
            // From before the first event of any client to beyond the last of some.
            var furthest = dice.Next(2) == 0 ? 60 : TurnsOfEach * Deltas;
            var countdown = new Countdown(kill == 0 ? 0 : dice.Next(furthest));
            clients.AddRange(Enumerable.Range(0, TurnsOfEach).Select(turn => new ResumingReader(
                new StreamChatRequest { Message = $"{kill}/{turn}", ClientRequestId = $"{kill}-{turn}" })
            {
                Observed = countdown.Count,
            }));

            var reading = Task.WhenAll(clients.Where(client => !client.HasEnded)
                .Select(client => client.ReadOnAsync(deployment.Process.Address)));
            _ = await Task.WhenAny(countdown.Zero, reading);
            await deployment.Process.KillAsync();
            await reading;
            Assert.All(
                clients.Where(client => client.Status != StatusCode.OK),
                client => Assert.True(client.Status == StatusCode.Unavailable, client.Cause));
            await deployment.StartAgainAsync();
        }

        await Task.WhenAll(clients.Where(client => !client.HasEnded)
            .Select(client => client.ReadOnAsync(deployment.Process.Address)));
        foreach (var client in clients)
        {
            await CheckAsync(deployment, client);
        }

        await ended.CancelAsync();
        var asked = await provider;
        Assert.Equal(asked.Count, asked.Distinct().Count());
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{clients.Count(client => client.End.State == StreamState.Interrupted)} of {clients.Count} turns were "
            + $"interrupted, {clients.Sum(client => client.Withdrawn)} events withdrawn.");
    }

    private static async Task CheckAsync(Deployment deployment, ResumingReader client)
    {
        client.CheckContract();
        Assert.True(client.End.State is StreamState.Interrupted or StreamState.Completed);
        Assert.Equal(client.End.State == StreamState.Completed ? 1 : 2, client.Info!.Epoch);
        var whole = ResumingReader.Of(client.Info.StreamId);
        await whole.ReadOnAsync(deployment.Client);
        Assert.Equal(whole.LogDigest, client.LogDigest);
    }

    // Every question once; what was asked.
    private static async Task<List<string>> AnswerAllAsync(ProviderStandIn standIn, CancellationToken ended)
    {
        var (asked, answering) = (new List<string>(), new List<Task>());
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var exchange = await standIn.NextRequestAsync(ended);
                asked.Add(exchange.Body.GetProperty("messages")[0].GetProperty("content").GetString()!);
                answering.Add(AnswerAsync(exchange));
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The test is over.
            }
        }

        await Task.WhenAll(answering).InTime();
        return asked;
    }

    private static async Task AnswerAsync(ProviderExchange exchange)
    {
        await exchange.StartStreamAsync();
        for (var i = 0; i < Deltas && !exchange.Aborted.IsCompleted; i++)
        {
            await exchange.WriteTextAsync($"{i} ");
        }

        await exchange.FinishAsync();
    }

    private sealed class Countdown
    {
        private readonly TaskCompletionSource _zero = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left;

        public Countdown(int events)
        {
            _left = events + 1;
            Count();
        }

        public Task Zero => _zero.Task;

        public void Count()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _zero.SetResult();
            }
        }
    }
}
