using ChatGrpc.TestKit.OpenAI;

namespace ChatGrpc.Tests.Providers.OpenAI;

/// <summary>Every answer that is no stream, over real connections.</summary>
public sealed class OpenAIErrorsTests : IAsyncLifetime
{
    private OpenAIScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await OpenAIScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData(400, """{"error":{"type":"invalid_request_error"}}""", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(400, """{"error":{"message":"x","code":"context_length_exceeded"}}""", "CONTEXT_TOO_LONG", false)]
    [InlineData(400, """{"message":"the maximum context length is 10","code":400}""", "CONTEXT_TOO_LONG", false)]
    [InlineData(400, """{"error":{"type":"exceed_context_size_error"}}""", "CONTEXT_TOO_LONG", false)]
    [InlineData(400, """{"error":{"code":"content_filter"}}""", "CONTENT_FILTERED", false)]
    [InlineData(400, """{"error":{"code":"content_policy_violation"}}""", "CONTENT_FILTERED", false)]
    [InlineData(400, "cut {", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(401, """{"error":{"message":"Bad key sk-t***890."}}""", "PROVIDER_AUTHENTICATION", false)]
    [InlineData(402, "{}", "PROVIDER_RATE_LIMITED", false)]
    [InlineData(403, """{"error":{"message":"x"}}""", "PROVIDER_AUTHENTICATION", false)]
    [InlineData(404, """{"error":{"message":"x","code":"model_not_found"}}""", "MODEL_UNAVAILABLE", false)]
    [InlineData(404, """{"error":{"message":"model gone"}}""", "MODEL_UNAVAILABLE", false)]
    [InlineData(404, "", "MODEL_UNAVAILABLE", false)]
    [InlineData(405, "{}", "MODEL_UNAVAILABLE", false)]
    [InlineData(408, "", "PROVIDER_ERROR", true)]
    [InlineData(413, "", "CONTEXT_TOO_LONG", false)]
    [InlineData(422, """{"detail":[{"msg":"x"}]}""", "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(429, """{"error":{"message":"x","code":"rate_limit_exceeded"}}""", "PROVIDER_RATE_LIMITED", true)]
    [InlineData(429, "", "PROVIDER_RATE_LIMITED", true)]
    [InlineData(429, """{"error":{"message":"x","type":"insufficient_quota"}}""", "PROVIDER_RATE_LIMITED", false)]
    [InlineData(500, "", "PROVIDER_ERROR", true)]
    [InlineData(502, "", "PROVIDER_ERROR", true)]
    [InlineData(503, "", "PROVIDER_ERROR", true)]
    [InlineData(503, """{"error":{"type":"unavailable_error","code":503}}""", "MODEL_UNAVAILABLE", true)]
    [InlineData(504, "", "PROVIDER_ERROR", true)]
    [InlineData(529, "", "PROVIDER_ERROR", true)]
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
    [InlineData(401, "{}", "refuses this service's API key (401)")]
    [InlineData(404, """{"error":{"message":"gone"}}""", "does not find the model some-model (404). It says: gone")]
    [InlineData(404, "", "the base URL is no OpenAI endpoint")]
    [InlineData(429, """{"error":{"code":"insufficient_quota","message":"Pay."}}""", "left to spend. It says: Pay.")]
    [InlineData(503, """{"error":{"type":"unavailable_error"}}""", "still loading the model some-model")]
    [InlineData(529, "overloaded", "is in trouble (529).")]
    public async Task StreamAsync_ErrorStatus_SentenceToActOn(int status, string body, string says)
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(status, body));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20", 20)]
    [InlineData("Tue, 01 Jan 2030 00:01:30 GMT", 90)]
    [InlineData("never", null)]
    public async Task StreamAsync_RateLimitWithRetryAfter_TimeToWait(string header, int? seconds)
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(429, "{}", headers: ("Retry-After", header)));

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task StreamAsync_OverloadedWithRetryAfter_TimeToWait()
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(503, "{}", headers: ("Retry-After", "7")));

        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    [Fact]
    public async Task StreamAsync_ErrorThatRepeatsTheKey_KeyMasked()
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(400, $$$"""{"error":{"message":"What is '{{{OpenAIScene.Key}}}'?\nEh?"}}"""));

        Assert.EndsWith("It says: What is '***'? Eh?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_ErrorWithoutEnd_ReadUpToItsBoundAndLetGo()
    {
        OpenAIExchange? seen = null;
        var failure = await _scene.FailureAsync(async exchange =>
        {
            seen = exchange;
            await exchange.StartResponseAsync(500, "application/json");
            await exchange.WriteAsync(new string(' ', 64 * 1024));
        });

        Assert.Equal("PROVIDER_ERROR", failure.Reason);
        await OpenAIScene.GoneAtOnceAsync(seen!);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task StreamAsync_WebPage_BaseUrlIsWrong(int status)
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(status, "<html>Welcome to nginx</html>", "text/html; charset=utf-8"));

        Assert.Contains("the base URL is no OpenAI endpoint", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.Retryable);
        Assert.DoesNotContain("nginx", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_WebPageOfAGateway_ProviderInTrouble()
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(502, "<html>Bad gateway</html>", "text/html"));

        Assert.Equal(("PROVIDER_ERROR", true), (failure.Reason, failure.Retryable));
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"Hi"}}]}""", "PROVIDER_ERROR", "does not stream")]
    [InlineData("""{"error":{"message":"Pay.","code":"insufficient_quota"}}""", "PROVIDER_RATE_LIMITED", "Pay.")]
    public async Task StreamAsync_JsonWithSuccess_NoStream(string body, string reason, string says)
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(200, body));

        Assert.Equal(reason, failure.Reason);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_Redirect_NotFollowed()
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(307, "", headers: ("Location", _scene.StandIn.BaseUrl + "/elsewhere")));

        Assert.Equal(("PROVIDER_ERROR", false), (failure.Reason, failure.Retryable));
        Assert.Contains("redirect (307)", failure.Message, StringComparison.Ordinal);
    }
}
