using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ChatGrpc.Tests.Providers.Ollama;

/// <summary>Every answer that is no stream, over real connections.</summary>
public sealed class OllamaErrorsTests : IAsyncLifetime
{
    private OllamaScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await OllamaScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(400, "invalid options: wrong", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(400, "the input exceeds the context length", "CONTEXT_TOO_LONG", false)]
    [InlineData(400, "\"x\" does not support tools", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(401, "unauthorized", "PROVIDER_AUTHENTICATION", false)]
    [InlineData(404, "model 'x' not found", "MODEL_UNAVAILABLE", false)]
    [InlineData(404, "", "MODEL_UNAVAILABLE", false)]
    [InlineData(429, "too many requests", "PROVIDER_RATE_LIMITED", true)]
    [InlineData(500, "model requires more system memory (9 GiB) than is available (3 GiB)", "MODEL_UNAVAILABLE", false)]
    [InlineData(500, "llama runner process has terminated", "PROVIDER_ERROR", true)]
    [InlineData(503, "server busy, please try again", "PROVIDER_ERROR", true)]
    public async Task StreamAsync_ErrorStatus_ItsKind(int status, string error, string reason, bool retryable)
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(status, Body(error)));

        Assert.Equal((reason, retryable), (failure.Reason, failure.Retryable));
        Assert.Equal("ollama", failure.Metadata["provider"]);
        Assert.Equal("some-model", failure.Metadata["model"]);
    }

    [Theory]
    [InlineData(404, "model \"some-model\" not found, try pulling it first", "with `ollama pull some-model`.")]
    [InlineData(400, "\"some-model\" does not support thinking", "some-model does not take requests to think.")]
    [InlineData(400, "this model does not support image input", "some-model does not take images.")]
    [InlineData(500, "this model is missing data required for image input", "does not take images.")]
    [InlineData(503, "server busy, please try again", "is overloaded. It says: server busy")]
    [InlineData(500, "model requires more system memory", "not enough memory for the model some-model.")]
    public async Task StreamAsync_ErrorStatus_SentenceToActOn(int status, string error, string says)
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(status, Body(error)));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_NobodyListens_SaysHowToStartIt()
    {
        // Bound and closed again: nobody else got the port in between.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await OllamaScene.FailureAtAsync(new Uri($"http://127.0.0.1:{port}"));

        Assert.Equal(("PROVIDER_UNREACHABLE", true), (failure.Reason, failure.Retryable));
        Assert.Contains("`ollama serve`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_NameThatNobodyHas_NoAdviceToStartIt()
    {
        var failure = await OllamaScene.FailureAtAsync(new Uri("http://no-such-host.invalid"));

        Assert.Equal("PROVIDER_UNREACHABLE", failure.Reason);
        Assert.DoesNotContain("ollama serve", failure.Message, StringComparison.Ordinal);
    }

    private static string Body(string error) =>
        error.Length == 0 ? "" : JsonSerializer.Serialize(new { error });
}
