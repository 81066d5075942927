using System.Globalization;
using Chaos.Tests.Runs;
using Chaos.Tests.Truth;
using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Chaos.Tests.Replicas.Figures;

/// <summary>The same load at the same pace for one replica and for three: what they take of the CPUs.</summary>
internal static class CostFigure
{
    private const int Streams = 60;
    private const int Warming = 250;
    private const int Tokens = 300;
    private const int GapMilliseconds = 100;
    private const int Seed = 20261122;

    // As Linux counts the time of processes, on every machine of today.
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<bool> MeasureAsync(Action<FormattableString> line)
    {
        line($"## Three replicas against one");
        line($"");
        line($"{Streams} streams at once of {Tokens} tokens, one each {GapMilliseconds} ms, by the balancer. CPU");
        line($"seconds for 1,000 tokens of answers:");
        line($"");
        line($"| replicas | each stream is read | service | PostgreSQL | balancer |");
        line($"|---|---|---|---|---|");
        foreach (var (replicas, others) in new[] { (1, 0), (3, 0), (1, 1), (3, 1) })
        {
            var (service, database, balancer) = await MeasureAsync(replicas, others);
            var read = others == 0 ? "by who sent" : "by who sent, and by another one";
            line($"| {replicas} | {read} | {service:0.000} | {database:0.000} | {balancer:0.000} |");
        }

        line($"");
        return true;
    }

    private static async Task<(double Service, double Database, double Balancer)> MeasureAsync(
        int replicas, int others)
    {
        using var logs = new TemporaryFolder();
        var plan = new RunPlan(Seed, logs.Path) { SharedConnections = 12 };
        await using var run = await ReplicaRun.StartAsync(plan, replicas);

        // What is compiled at first use, and better later, is no part of the figure.
        await StreamAsync(run, others, Warming);
        var before = Take(run);
        await StreamAsync(run, others, Tokens);
        var after = Take(run);
        const double Thousands = Streams * Tokens / 1000.0;
        return ((after.Service - before.Service) / Thousands, (after.Database - before.Database) / Thousands,
            (after.Balancer - before.Balancer) / Thousands);
    }

    private static Task StreamAsync(ReplicaRun run, int others, int tokens) =>
        Task.WhenAll(Enumerable.Range(1, Streams).Select(async i =>
        {
            var question = new Question(i, i, tokens, GapMilliseconds, 1);
            var opened = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var sent = ReadAsync(
                run, new StreamChatRequest { Message = question.Text, ClientRequestId = $"{tokens}-{i}" }, opened);
            var stream = new Resume { StreamId = await opened.Task };
            var resumes = Enumerable.Range(0, others).Select(
                _ => ReadAsync(run, new StreamChatRequest { Resume = stream }, opened));
            await Task.WhenAll(resumes.Append(sent));
        }));

    // A busy balancer may take a replica for lost; whoever read there reads on.
    private static async Task ReadAsync(
        ReplicaRun run, StreamChatRequest request, TaskCompletionSource<string> opened)
    {
        var (info, last) = ((SessionInfo?)null, 0L);
        while (true)
        {
            try
            {
                using var call = run.Town.Service(0).StreamChat(request);
                await foreach (var next in call.ResponseStream.ReadAllAsync())
                {
                    info = next.SessionInfo ?? info;
                    _ = opened.TrySetResult(info!.StreamId);
                    last = Math.Max(last, next.Sequence);
                    if (next.StreamEnd is not null)
                    {
                        return;
                    }
                }
            }
            catch (RpcException lost) when (lost.StatusCode == StatusCode.Unavailable)
            {
                await run.Metronome.After(Pause);
                request = info is null ? request : new StreamChatRequest
                {
                    Resume = new Resume { StreamId = info.StreamId, Epoch = info.Epoch, AfterSequence = last },
                };
            }
        }
    }

    private static (double Service, double Database, double Balancer) Take(ReplicaRun run) => (
        run.Replicas.Sum(replica => Seconds(replica.Service!.Id, isWhole: false)),
        Seconds(run.Cluster.ProcessId, isWhole: true),
        Seconds(run.Balancer.ProcessId, isWhole: false));

    // User and system time; with the children that have ended and, if wanted, with those that live.
    private static double Seconds(int process, bool isWhole)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        var fields = File.ReadAllText($"/proc/{id}/stat");
        var times = fields[(fields.LastIndexOf(')') + 2)..].Split(' ')[11..15];
        var own = times.Sum(time => double.Parse(time, CultureInfo.InvariantCulture)) / TicksPerSecond;
        return own + (isWhole ? Children(id).Sum(child => Seconds(child, isWhole: false)) : 0);
    }

    private static IEnumerable<int> Children(string process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
