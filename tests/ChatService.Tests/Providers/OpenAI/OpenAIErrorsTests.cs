using ChatGrpc.TestKit.Providers;
using ChatGrpc.Tests.Providers.Contract;

namespace ChatGrpc.Tests.Providers.OpenAI;

/// <summary>What the names of errors mean, over real connections; the contract has what the statuses mean.</summary>
public sealed class OpenAIErrorsTests : IAsyncLifetime
{
    private ProviderScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await ProviderScene.StartAsync(OpenAICase.Instance);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(400, """{"error":{"type":"invalid_request_error"}}""", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(400, """{"error":{"message":"x","code":"context_length_exceeded"}}""", "CONTEXT_TOO_LONG", false)]
    [InlineData(400, """{"message":"the maximum context length is 10","code":400}""", "CONTEXT_TOO_LONG", false)]
    [InlineData(400, """{"error":{"type":"exceed_context_size_error"}}""", "CONTEXT_TOO_LONG", false)]
    [InlineData(400, """{"error":{"code":"content_filter"}}""", "CONTENT_FILTERED", false)]
    [InlineData(400, """{"error":{"code":"content_policy_violation"}}""", "CONTENT_FILTERED", false)]
    [InlineData(401, """{"error":{"message":"Bad key sk-t***890."}}""", "PROVIDER_AUTHENTICATION", false)]
    [InlineData(403, """{"error":{"message":"x"}}""", "PROVIDER_AUTHENTICATION", false)]
    [InlineData(403, """{"error":{"message":"Input was flagged.","code":403}}""", "CONTENT_FILTERED", false)]
    [InlineData(404, """{"error":{"message":"x","code":"model_not_found"}}""", "MODEL_UNAVAILABLE", false)]
    [InlineData(404, """{"error":{"message":"model gone"}}""", "MODEL_UNAVAILABLE", false)]
    [InlineData(422, """{"detail":[{"msg":"x"}]}""", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(429, """{"error":{"message":"x","code":"rate_limit_exceeded"}}""", "PROVIDER_RATE_LIMITED", true)]
    [InlineData(429, """{"error":{"message":"x","type":"insufficient_quota"}}""", "PROVIDER_RATE_LIMITED", false)]
    [InlineData(503, """{"error":{"type":"unavailable_error","code":503}}""", "MODEL_UNAVAILABLE", true)]
    public async Task StreamAsync_ErrorStatus_ItsKind(int status, string body, string reason, bool retryable)
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(status, body));

        Assert.Equal((reason, retryable), (failure.Reason, failure.Retryable));
        Assert.Equal("openai", failure.Metadata["provider"]);
        Assert.Equal("some-model", failure.Metadata["model"]);
        Assert.DoesNotContain("sk-t", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Bad temperature."}}""", "the request (400). It says: Bad temperature.")]
    [InlineData(400, """{"error":"In one text."}""", "It says: In one text.")]
    [InlineData(400, """{"detail":"From a validator."}""", "It says: From a validator.")]
    [InlineData(401, "{}", "refuses this service's API key: its operator")]
    [InlineData(404, """{"error":{"message":"gone"}}""", "does not find the model some-model. It says: gone")]
    [InlineData(404, "", "the base URL is no OpenAI endpoint")]
    [InlineData(429, """{"error":{"code":"insufficient_quota","message":"Pay."}}""", "left to spend. It says: Pay.")]
    [InlineData(503, """{"error":{"type":"unavailable_error"}}""", "still loading the model some-model")]
    [InlineData(529, "overloaded", "is in trouble (529).")]
    public async Task StreamAsync_ErrorStatus_SentenceToActOn(int status, string body, string says)
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(status, body));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_ErrorWithSuccess_ItsKind()
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(200, """{"error":{"message":"Pay.","code":"insufficient_quota"}}"""));

        Assert.Equal("PROVIDER_RATE_LIMITED", failure.Reason);
        Assert.Contains("Pay.", failure.Message, StringComparison.Ordinal);
    }
}
