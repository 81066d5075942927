using ChatGrpc.Tools;

namespace ChatGrpc.Tests.Tools;

public sealed class HostPatternTests
{
    [Theory]
    [InlineData("example.com", "https://example.com/a?b", true)]
    [InlineData("Example.COM", "http://EXAMPLE.com", true)]
    [InlineData("example.com", "https://example.com:8443/", false)]
    [InlineData("example.com", "https://www.example.com/", false)]
    [InlineData("example.com", "https://example.com.evil.org/", false)]
    [InlineData("example.com", "https://example.com@evil.org/", false)]
    [InlineData("example.com", "https://example.com./", false)]
    [InlineData("example.com:8080", "http://example.com:8080/", true)]
    [InlineData("example.com:8080", "http://example.com/", false)]
    [InlineData("*.example.com", "https://www.example.com/", true)]
    [InlineData("*.example.com", "https://a.b.example.com/", true)]
    [InlineData("*.example.com", "https://example.com/", false)]
    [InlineData("*.example.com", "https://evilexample.com/", false)]
    [InlineData("zürich.example", "https://xn--zrich-kva.example/", true)]
    [InlineData("127.0.0.1", "http://0x7f.1/", true)]
    [InlineData("[::1]:90", "http://[0:0:0:0:0:0:0:1]:90/", true)]
    public void Takes_Url_AsItsHostIs(string pattern, string url, bool takes) =>
        Assert.Equal(takes, HostPattern.Parse(pattern)!.Takes(new Uri(url)));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("*.127.0.0.1")]
    [InlineData("a.*.com")]
    [InlineData("https://example.com")]
    [InlineData("example.com/path")]
    [InlineData("user@example.com")]
    [InlineData("example.com?x")]
    [InlineData("example.com:port")]
    public void Parse_NoHost_IsNone(string pattern) => Assert.Null(HostPattern.Parse(pattern));
}
