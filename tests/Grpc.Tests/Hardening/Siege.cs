using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Hardening;

/// <summary>
/// A server under attack: meanwhile and afterwards another connection has its calls answered, each within a limit, and
/// at the end no handler is left. An Error log fails the test, as always.
/// </summary>
internal sealed class Siege(EchoScript? script = null, TimeProvider? clock = null)
{
    private readonly SayRequest _hello = new() { Text = "hello" };

    public CallCounter Calls { get; } = new();

    public async Task WithstandAsync(Func<TestServer, Task> attack)
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
            await Calls.Drained();
        }

        // By now no request can still be on its way to its handler.
        Assert.Equal(Calls.Entered, Calls.Left);
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
            .AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)));
}
