using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Tests.Providers.Wire;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Retry-After", "20", 20_000)]
    [InlineData("Retry-After", "0", 0)]
    [InlineData("Retry-After", "Tue, 01 Jan 2030 00:01:30 GMT", 90_000)]
    [InlineData("Retry-After", "Mon, 31 Dec 2029 23:00:00 GMT", 0)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-5", null)]
    [InlineData("retry-after-ms", "1500", 1_500)]
    [InlineData("retry-after-ms", "NaN", null)]
    [InlineData("X-Other", "20", null)]
    public void Of_Header_TimeFromNow(string name, string value, int? expectedMs)
    {
        using var response = new HttpResponseMessage();
        Assert.True(response.Headers.TryAddWithoutValidation(name, value));

        Assert.Equal(expectedMs, RetryAfter.Of(response.Headers, Now)?.TotalMilliseconds);
    }
}
