using System.Net;
using System.Net.Sockets;
using System.Text;
using ChatGrpc.Model;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.OpenAI;

namespace ChatGrpc.Tests.Providers.OpenAI;

/// <summary>Everything that can go wrong with a connection and in a stream.</summary>
public sealed class OpenAIFaultTests : IAsyncLifetime
{
    private OpenAIScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await OpenAIScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(false, true, "PROVIDER_UNREACHABLE")]
    [InlineData(false, false, "PROVIDER_UNREACHABLE")]
    [InlineData(true, true, "PROVIDER_STREAM_CUT")]
    [InlineData(true, false, "PROVIDER_STREAM_CUT")]
    public async Task StreamAsync_BrokenInTheStream_ByWhetherThereWasText(bool afterText, bool byReset, string reason)
    {
        await using var said = _scene.Ask().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = said.MoveNextAsync().AsTask();
        var exchange = await _scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();

        // Either is read before the connection breaks: otherwise it would break before the headers were there.
        await exchange.WriteEventAsync(afterText ? OpenAIWire.Text("Hi") : OpenAIWire.Usage(1, 0));
        Assert.True(await next.InTime());
        next = said.MoveNextAsync().AsTask();

        if (byReset)
        {
            exchange.Reset();
        }
        else
        {
            exchange.CutOff();
        }

        Assert.True(await next.InTime());
        Assert.Equal($"failed {reason}", Transcript.Line(said.Current));
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_BodyEndsWithoutEndMarker_Cut(bool afterFinishReason)
    {
        var lines = await LinesAsync(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("Hi");
            if (afterFinishReason)
            {
                await exchange.WriteEventAsync(OpenAIWire.Finish("stop"));
            }

            exchange.End();
        });

        Assert.Equal(["answer Hi", "failed PROVIDER_STREAM_CUT"], lines);
    }

    [Theory]
    [InlineData("""{"error":{"message":"It broke.","type":"server_error"}}""")]
    [InlineData("""{"choices":[{"delta":{"content":"H""")]
    public async Task StreamAsync_ErrorOrRubbishAfterText_FailsAndLetsGo(string data)
    {
        OpenAIExchange? seen = null;
        var lines = await LinesAsync(async exchange =>
        {
            seen = exchange;
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("Hi");
            await exchange.WriteEventAsync(data);
        });

        Assert.Equal(["answer Hi", "failed PROVIDER_ERROR"], lines);
        await OpenAIScene.GoneAtOnceAsync(seen!);
    }

    [Theory]
    [InlineData("http", "refuses connections")]
    [InlineData("https", "refuses connections")]
    public async Task StreamAsync_NobodyListens_SaysSo(string scheme, string says)
    {
        // Bound and closed again: nobody else got the port in between.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await _scene.FailureAtAsync(new Uri($"{scheme}://127.0.0.1:{port}/v1/secret"));

        Assert.Equal(("PROVIDER_UNREACHABLE", true), (failure.Reason, failure.Retryable));
        Assert.Contains($"127.0.0.1:{port} {says}", failure.Message, StringComparison.Ordinal);
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

    [Fact]
    public async Task StreamAsync_AnswerThatIsNoHttp_SaysSo()
    {
        var failure = await FailureOfAsync("220 mail.example ESMTP\r\n");

        Assert.Equal("PROVIDER_UNREACHABLE", failure.Reason);
        Assert.Contains("does not answer in HTTP", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_CutOffInAnErrorBody_StillTheStatus()
    {
        var failure = await FailureOfAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 1000\r\n\r\n{");

        Assert.Equal("PROVIDER_AUTHENTICATION", failure.Reason);
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

    private async Task<List<string>> LinesAsync(Func<OpenAIExchange, Task> answer) =>
        [.. (await _scene.ReadAsync(answer)).Select(Transcript.Line)];
}
