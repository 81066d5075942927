using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Tests.Conformance;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Hardening;

/// <summary>
/// 100,000 random and mutated requests: frames, messages, gzip and base64 that are wrong, in every kind of call and
/// wire mode, all of them over HTTP. One in five is also given to its endpoint directly, in pieces cut at random:
/// however it arrives, its answer is the same.
/// </summary>
[Collection(Alone.Name)]
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Attacks = 100_000;
    private const int WarmUp = 20_000;
    private const int AtOnce = 16;
    private const int DirectOneIn = 5;

    // What is in use after all of them, over what was after the first fifth, which is some 10 MB: 100 bytes that a call
    // leaves behind are seen.
    private const double MostGrowth = 1.5;

    private static readonly StatusCode[] Allowed =
    [
        StatusCode.OK,
        StatusCode.Internal,
        StatusCode.Unimplemented,
        StatusCode.ResourceExhausted,
        StatusCode.InvalidArgument,
    ];

    private readonly int _seed =
        Environment.GetEnvironmentVariable("GRPC_FUZZ_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();

    private readonly CallCounter _calls = new();
    private readonly ConcurrentDictionary<(StatusCode, bool IsFaulty), int> _statuses = [];

    [Fact]
    public async Task Requests_MutatedAtRandom_AreAnsweredAndLeaveNothingBehind()
    {
        output.WriteLine($"GRPC_FUZZ_SEED={_seed}");
        var unobserved = new ConcurrentQueue<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Enqueue(e.Exception);

        Collect();
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await AttackAsync();
            Collect();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        Assert.Equal([], unobserved.Select(exception => $"seed {_seed}: {exception}"));
        Assert.Equal(_calls.Entered, _calls.Left);
        AssertAllWasTried();
    }

    private async Task AttackAsync()
    {
        DirectCall? direct = null;
        await using var server = await TestServer.StartAsync(
            new EchoScript { Count = CountAsync },
            options => options.Interceptors.Add<CallCounter>(),
            services => services.AddSingleton(_calls).AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)),
            app => direct = new DirectCall(app));

        await AttackAsync(server, direct!, 0, WarmUp);
        var before = InUse(server);
        await AttackAsync(server, direct!, WarmUp, Attacks);
        var after = InUse(server);

        output.WriteLine($"{before:N0} bytes in use after {WarmUp:N0} calls, {after:N0} after {Attacks:N0}");
        Assert.True(after < before * MostGrowth, $"seed {_seed}: {before:N0} bytes in use became {after:N0}.");
        await _calls.Drained();
    }

    private async Task AttackAsync(TestServer server, DirectCall direct, int from, int to)
    {
        var began = Stopwatch.GetTimestamp();
        var limited = new ParallelOptions
        {
            MaxDegreeOfParallelism = AtOnce,
            CancellationToken = TestContext.Current.CancellationToken,
        };
        await Parallel.ForAsync(from, to, limited, async (number, _) =>
        {
            var attack = Attack.Make(_seed, number);
            try
            {
                var reply = await SendAsync(server, attack);
                Check(attack, reply);
                if (number % DirectOneIn == 0)
                {
                    var again = await direct.RunAsync(attack, new Random(number));
                    CheckAlike(attack, reply, again);
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Request {number} of GRPC_FUZZ_SEED={_seed}: {attack}", e);
            }
        });
        output.WriteLine($"{to - from:N0} requests in {Stopwatch.GetElapsedTime(began).TotalSeconds:N1} s");
    }

    private void Check(Attack attack, WireReply reply)
    {
        var isFaulty = attack.Faults.Length > 0;
        Assert.Contains(reply.Status, Allowed);
        Assert.True(reply.Status == StatusCode.OK || isFaulty, $"It was refused: {reply.Detail}");
        Assert.NotEqual("INTERNAL_ERROR", reply.Reason);
        _statuses.AddOrUpdate((reply.Status, isFaulty), 1, (_, count) => count + 1);
    }

    // Base64 is decoded as it comes: whether its own fault or one in its frames is met first is a matter of the cuts.
    private static void CheckAlike(Attack attack, WireReply one, WireReply other)
    {
        Assert.Contains(other.Status, Allowed);
        Assert.NotEqual("INTERNAL_ERROR", other.Reason);
        if (!attack.Faults.Contains("base64", StringComparison.Ordinal))
        {
            Assert.Equal((one.Status, one.Reason), (other.Status, other.Reason));
        }
    }

    private static async Task<WireReply> SendAsync(TestServer server, Attack attack)
    {
        using var body = new ByteArrayContent(attack.Body);
        var request = attack.Variant.Request(server, attack.Path, body, attack.Headers);
        return WireReply.Of(attack.Variant, await server.SendAsync(request));
    }

    // Not as far as a changed number may ask for.
    private static async Task CountAsync(
        CountRequest request, IServerStreamWriter<CountResponse> responses, ServerCallContext context)
    {
        for (var i = 0; i < Math.Min(request.Count, 4); i++)
        {
            await responses.SendAsync(new CountResponse { Index = i });
        }
    }

    private static long InUse(TestServer server)
    {
        server.Connections.Clear();
        Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // Exceptions that nobody looked at are told by the finalizers of their tasks.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    // Else the attacks could be so wrong, or so right, that they never get past the first check.
    private void AssertAllWasTried()
    {
        output.WriteLine(string.Join(", ", _statuses.OrderBy(pair => pair.Key)));
        Assert.Equal(Attacks, _statuses.Values.Sum());
        Assert.All(
            new[] { StatusCode.OK, StatusCode.Internal, StatusCode.Unimplemented, StatusCode.ResourceExhausted },
            status => Assert.InRange(_statuses.GetValueOrDefault((status, true)), Attacks / 1_000, Attacks));
        Assert.InRange(_statuses.GetValueOrDefault((StatusCode.OK, false)), Attacks / 10, Attacks);
    }
}
