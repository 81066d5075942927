using System.Net;
using System.Net.Sockets;
using System.Text;
using ChatGrpc.Model;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>Everything that can go wrong with a connection and in a stream, and how it is left.</summary>
public abstract partial class ProviderContract
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_BrokenAfterText_Cut(bool byReset)
    {
        await using var answer = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var exchange = await _scene.ReadOneAsync(answer);
        var next = answer.MoveNextAsync();

        if (byReset)
        {
            exchange.Reset();
        }
        else
        {
            exchange.CutOff();
        }

        Assert.True(await next.InTime());
        Assert.Equal("failed PROVIDER_STREAM_CUT", Transcript.Line(answer.Current));
    }

    [Fact]
    public async Task StreamAsync_ResetBeforeHeaders_Unreachable()
    {
        var failure = await _scene.FailureAsync(exchange =>
        {
            exchange.Reset();
            return Task.CompletedTask;
        });

        Assert.Equal(("PROVIDER_UNREACHABLE", true), (failure.Reason, failure.Retryable));
        Assert.Contains("before it answered", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_BodyEndsWithoutEndMarker_Cut() => Assert.Equal(
        ["answer Hi", "failed PROVIDER_STREAM_CUT"],
        await _scene.LinesAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("Hi");
            exchange.End();
        }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_ErrorOrRubbishAfterText_FailsAndLetsGo(bool isError)
    {
        ProviderExchange? seen = null;
        var lines = await _scene.LinesAsync(async exchange =>
        {
            seen = exchange;
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("Hi");
            await exchange.WriteAsync(isError ? Wire.Script().Error("It broke.") : Wire.Frame("""{"cut":"off"""));
        });

        Assert.Equal(["answer Hi", "failed PROVIDER_ERROR"], lines);
        await ProviderScene.GoneAtOnceAsync(seen!);
    }

    [Fact]
    public async Task StreamAsync_ErrorInTheStreamThatRepeatsTheKey_KeyMasked()
    {
        var said = await _scene.ReadAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteErrorAsync($"What is '{WireCase.Key}'?");
        });

        Assert.DoesNotContain(WireCase.Key, said[^1].FailureDetail.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_CancelledBeforeHeaders_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = _scene.Ask().GetAsyncEnumerator(cancel.Token);
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        Assert.False(exchange.Aborted.IsCompleted);

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        await ProviderScene.GoneAtOnceAsync(exchange);
    }

    [Fact]
    public async Task StreamAsync_CancelledWhileItWaitsForText_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = _scene.Ask().GetAsyncEnumerator(cancel.Token);
        var exchange = await _scene.ReadOneAsync(answer);
        var next = answer.MoveNextAsync();

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
        await ProviderScene.GoneAtOnceAsync(exchange);
    }

    [Fact]
    public async Task StreamAsync_CancelledInAnErrorBody_ConnectionGone()
    {
        using var cancel = new CancellationTokenSource();
        await using var answer = _scene.Ask().GetAsyncEnumerator(cancel.Token);
        var first = answer.MoveNextAsync();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartResponseAsync(500, "application/json");
        await exchange.WriteAsync("{\"error\":");

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        await ProviderScene.GoneAtOnceAsync(exchange);
    }

    [Fact]
    public async Task StreamAsync_LeftEarly_ConnectionGone()
    {
        var answer = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var exchange = await _scene.ReadOneAsync(answer);

        await answer.DisposeAsync().InTime();

        await ProviderScene.GoneAtOnceAsync(exchange);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task StreamAsync_NobodyListens_SaysSo(string scheme)
    {
        // Bound and closed again: nobody else got the port in between.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await _scene.FailureAtAsync(new Uri($"{scheme}://127.0.0.1:{port}/secret"));

        Assert.Equal(("PROVIDER_UNREACHABLE", true), (failure.Reason, failure.Retryable));
        Assert.Contains($"127.0.0.1:{port} refuses connections", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_NameThatNobodyHas_SaysSo()
    {
        var failure = await _scene.FailureAtAsync(new Uri("http://no-such-host.invalid/v1"));

        Assert.Equal("PROVIDER_UNREACHABLE", failure.Reason);
        Assert.Contains("host name of no-such-host.invalid", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_HttpsToAPortWithoutTls_SaysSo()
    {
        var failure = await _scene.FailureAtAsync(new UriBuilder(_scene.StandIn.BaseUrl) { Scheme = "https" }.Uri);

        Assert.Equal("PROVIDER_UNREACHABLE", failure.Reason);
        Assert.Contains("TLS", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("220 mail.example ESMTP\r\n", "PROVIDER_UNREACHABLE", "does not answer in HTTP")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nContent-Length: 1000\r\n\r\n{", "PROVIDER_AUTHENTICATION", "API key")]
    public async Task StreamAsync_NoHttpOrCutOffInAnErrorBody_SaysWhatItCan(string bytes, string reason, string says)
    {
        var failure = await FailureOfAsync(bytes);

        Assert.Equal(reason, failure.Reason);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    // A server that sends these bytes, whatever it was asked, and then the end of its side of the connection.
    private async Task<Failure> FailureOfAsync(string bytes)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = _scene.FailureAtAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1"));
        using (var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).InTime())
        {
            var stream = connection.GetStream();
            _ = await stream.ReadAsync(new byte[64 * 1024], TestContext.Current.CancellationToken).InTime();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes), TestContext.Current.CancellationToken).InTime();
            connection.Client.Shutdown(SocketShutdown.Send);

            // Only now it closes: with a request half read that would be a reset, and the bytes might be lost.
            return await asked;
        }
    }
}
