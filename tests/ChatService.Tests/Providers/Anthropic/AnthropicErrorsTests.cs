using ChatGrpc.TestKit.Providers;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.Anthropic;

/// <summary>What the names of errors mean, over real connections; the contract has what the statuses mean.</summary>
public sealed class AnthropicErrorsTests : IAsyncLifetime
{
    private ProviderScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ProviderScene.StartAsync(AnthropicCase.Instance);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(400, "invalid_request_error", "messages: roles must alternate", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 207791 tokens > 200000 maximum",
        "CONTEXT_TOO_LONG", false)]
    [InlineData(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 2 + 1 > 2",
        "CONTEXT_TOO_LONG", false)]
    [InlineData(400, "invalid_request_error", "Output blocked by content filtering policy", "CONTENT_FILTERED", false)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to go on.",
        "PROVIDER_RATE_LIMITED", false)]
    [InlineData(401, "authentication_error", "invalid x-api-key", "PROVIDER_AUTHENTICATION", false)]
    [InlineData(402, "billing_error", "x", "PROVIDER_RATE_LIMITED", false)]
    [InlineData(403, "permission_error", "x", "PROVIDER_AUTHENTICATION", false)]
    [InlineData(404, "not_found_error", "model: some-model", "MODEL_UNAVAILABLE", false)]
    [InlineData(413, "request_too_large", "x", "CONTEXT_TOO_LONG", false)]
    [InlineData(429, "rate_limit_error", "x", "PROVIDER_RATE_LIMITED", true)]
    [InlineData(500, "api_error", "x", "PROVIDER_ERROR", true)]
    [InlineData(504, "timeout_error", "x", "PROVIDER_ERROR", true)]
    [InlineData(529, "overloaded_error", "Overloaded", "PROVIDER_ERROR", true)]
    public async Task StreamAsync_Error_ByStatusAndInTheStreamItsKind(
        int status, string type, string words, string reason, bool retryable)
    {
        var body = AnthropicWire.ErrorBody(type, words);

        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(status, body));

        Assert.Equal((reason, retryable), (failure.Reason, failure.Retryable));
        if (reason != "PROVIDER_REJECTED_REQUEST")
        {
            var said = await _scene.ReadAsync(async exchange =>
            {
                await exchange.StartStreamAsync();
                await exchange.WriteAsync(AnthropicWire.Error(type, words));
            });
            Assert.Equal((reason, retryable), (said[^1].FailureDetail.Reason, said[^1].FailureDetail.Retryable));
        }
    }

    [Theory]
    [InlineData(404, "not_found_error", "does not find the model some-model. It says: x")]
    [InlineData(529, "overloaded_error", "is overloaded. It says: x")]
    [InlineData(401, "authentication_error", "refuses this service's API key: its operator")]
    public async Task StreamAsync_Error_SentenceToActOn(int status, string type, string says)
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(status, AnthropicWire.ErrorBody(type, "x")));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_OverloadedWithRetryAfter_TimeToWait()
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(
            529, AnthropicWire.ErrorBody("overloaded_error", "x"), headers: ("Retry-After", "7")));

        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    [Fact]
    public async Task StreamAsync_NoSuchPath_BaseUrlIsWrong()
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(404, "nothing"));

        Assert.Contains("the base URL is no Anthropic endpoint", failure.Message, StringComparison.Ordinal);
    }
}
