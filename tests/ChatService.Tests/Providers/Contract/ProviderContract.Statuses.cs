using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>Every answer that is no stream.</summary>
public abstract partial class ProviderContract
{
    [Theory]
    [InlineData(400, "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(401, "PROVIDER_AUTHENTICATION", false)]
    [InlineData(402, "PROVIDER_RATE_LIMITED", false)]
    [InlineData(403, "PROVIDER_AUTHENTICATION", false)]
    [InlineData(404, "MODEL_UNAVAILABLE", false)]
    [InlineData(405, "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(408, "PROVIDER_ERROR", true)]
    [InlineData(413, "CONTEXT_TOO_LONG", false)]
    [InlineData(422, "PROVIDER_REJECTED_REQUEST", false)]
    [InlineData(429, "PROVIDER_RATE_LIMITED", true)]
    [InlineData(500, "PROVIDER_ERROR", true)]
    [InlineData(502, "PROVIDER_ERROR", true)]
    [InlineData(503, "PROVIDER_ERROR", true)]
    [InlineData(504, "PROVIDER_ERROR", true)]
    [InlineData(529, "PROVIDER_ERROR", true)]
    public async Task StreamAsync_ErrorStatus_ItsKindWithoutTheKey(int status, string reason, bool retryable)
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(status, Wire.ErrorBody($"What is '{WireCase.Key}'?\nEh?")));

        Assert.Equal((reason, retryable), (failure.Reason, failure.Retryable));
        Assert.Equal(Wire.Name, failure.Metadata["provider"]);
        Assert.Equal("some-model", failure.Metadata["model"]);
        Assert.DoesNotContain(WireCase.Key, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData(400, "PROVIDER_REJECTED_REQUEST")]
    [InlineData(404, "MODEL_UNAVAILABLE")]
    [InlineData(405, "MODEL_UNAVAILABLE")]
    [InlineData(413, "CONTEXT_TOO_LONG")]
    [InlineData(429, "PROVIDER_RATE_LIMITED")]
    [InlineData(529, "PROVIDER_ERROR")]
    public async Task StreamAsync_ErrorStatusWithRubbish_StillItsKind(int status, string reason)
    {
        foreach (var body in new[] { "", "cut {", "[]", "{}", "overloaded" })
        {
            var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(status, body));
            Assert.Equal(reason, failure.Reason);
        }
    }

    [Fact]
    public async Task StreamAsync_Refusal_InTheirWords()
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(400, Wire.ErrorBody("Bad top_p.")));

        Assert.EndsWith("refuses the request (400). It says: Bad top_p.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "20", 20)]
    [InlineData(429, "Tue, 01 Jan 2030 00:01:30 GMT", 90)]
    [InlineData(429, "never", null)]
    [InlineData(503, "7", 7)]
    public async Task StreamAsync_RetryAfter_TimeToWait(int status, string header, int? seconds)
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(status, Wire.ErrorBody("x"), headers: ("Retry-After", header)));

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task StreamAsync_ErrorWithoutEnd_ReadUpToItsBoundAndLetGo()
    {
        ProviderExchange? seen = null;
        var failure = await _scene.FailureAsync(async exchange =>
        {
            seen = exchange;
            await exchange.StartResponseAsync(500, "application/json");
            await exchange.WriteAsync(new string(' ', 64 * 1024));
        });

        Assert.Equal("PROVIDER_ERROR", failure.Reason);
        await ProviderScene.GoneAtOnceAsync(seen!);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task StreamAsync_WebPage_BaseUrlIsWrong(int status)
    {
        var failure = await _scene.FailureAsync(exchange =>
            exchange.RespondAsync(status, "<html>Welcome to nginx</html>", "text/html; charset=utf-8"));

        Assert.Contains("the base URL is no ", failure.Message, StringComparison.Ordinal);
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

    [Fact]
    public async Task StreamAsync_JsonWithSuccess_DoesNotStream()
    {
        var failure = await _scene.FailureAsync(exchange => exchange.RespondAsync(200, """{"content":"Hi"}"""));

        Assert.Equal(("PROVIDER_ERROR", false), (failure.Reason, failure.Retryable));
        Assert.Contains("does not stream", failure.Message, StringComparison.Ordinal);
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
