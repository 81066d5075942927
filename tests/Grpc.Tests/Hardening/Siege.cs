using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Hardening;

/// <summary>
/// A server under attack: meanwhile and afterwards another connection has its calls answered, each within a limit, and
/// at the end no handler is left. An Error log fails the test, as always.
/// </summary>
internal sealed class Siege(EchoScript? script = null, TimeProvider? clock = null)
{
    // After a flood of resets Kestrel sometimes never ends the connection, though no request of it is left, and a
    // graceful stop waits for it: that happens without a gRPC call, too.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(3);

    private readonly SayRequest _hello = new() { Text = "hello" };
    private int _openRequests;

    public CallCounter Calls { get; } = new();

    /// <param name="attack">What the attacker does while others are served.</param>
    /// <param name="aftermath">What follows, for a while in which others do not call.</param>
    public async Task WithstandAsync(Func<TestServer, Task> attack, Func<Task>? aftermath = null)
    {
        await using (var server = await StartAsync())
        {
            var attacking = Task.Run(() => attack(server), TestContext.Current.CancellationToken);
            do
            {
                await AssertAnotherIsServedAsync(server);
            }
            while (!attacking.IsCompleted);

            await attacking;
            await AssertAnotherIsServedAsync(server);
            if (aftermath is not null)
            {
                await aftermath();
                await AssertAnotherIsServedAsync(server);
            }

            await Calls.Drained();
        }

        // By now no request can still be on its way to its handler.
        Assert.Equal(Calls.Entered, Calls.Left);
        Assert.Equal(0, _openRequests);
    }

    private async Task AssertAnotherIsServedAsync(TestServer server)
    {
        var answer = await server.CallAsync(TestServer.Say, _hello);
        answer.AssertEnded(StatusCode.OK, trailersOnly: false);
        Assert.Equal(_hello.Text, Assert.Single(answer.Messages(SayResponse.Parser)).Text);
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(
        script,
        options => options.Interceptors.Add<CallCounter>(),
        services => services
            .AddSingleton(Calls)
            .AddSingleton(clock ?? TimeProvider.System)
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)),
        app => app.Use(CountAsync));

    private async Task CountAsync(HttpContext http, RequestDelegate next)
    {
        Interlocked.Increment(ref _openRequests);
        try
        {
            await next(http);
        }
        finally
        {
            Interlocked.Decrement(ref _openRequests);
        }
    }
}
