using ChatGrpc.Security;

namespace ChatGrpc.Tests.Security;

public sealed class AccessRulesTests
{
    [Theory]
    [InlineData("https://chat.example")]
    [InlineData("http://localhost:5173")]
    [InlineData("https://chat.example:8443")]
    [InlineData("http://[::1]:3000")]
    public void Origin_AsBrowsersSendIt_IsTaken(string origin) => Assert.Empty(Violations(origins: origin));

    [Theory]
    [InlineData("*", "which would let every page in")]
    [InlineData("null", "it must be an origin")]
    [InlineData("", "it must be an origin")]
    [InlineData("chat.example", "it must be an origin")]
    [InlineData("https://chat.example/", "it must be an origin")]
    [InlineData("https://chat.example/app", "it must be an origin")]
    [InlineData("https://Chat.example", "it must be an origin")]
    [InlineData("https://chat.example:443", "it must be an origin")]
    [InlineData("https://*.example", "it must be an origin")]
    [InlineData("https://me@chat.example", "it must be an origin")]
    public void Origin_Otherwise_IsToldByItsNumber(string origin, string words)
    {
        var violation = Assert.Single(Violations(origins: origin));

        Assert.StartsWith("Chat:Origins:0 is ", violation, StringComparison.Ordinal);
        Assert.Contains(words, violation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat.example", true)]
    [InlineData("10.0.0.7", true)]
    [InlineData("::1", true)]
    [InlineData("[2001:db8::5]", true)]
    [InlineData("2001:db8::5", true)]
    [InlineData("[chat.example", false)]
    [InlineData("[2001:db8::5", false)]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("chat.example:5080", false)]
    [InlineData("http://chat.example", false)]
    [InlineData("chat.example.", false)]
    public void Host_IsANameAlone(string host, bool taken) => Assert.Equal(taken, !Violations(hosts: host).Any());

    [Fact]
    public void AllowAnonymous_BesideKeys_IsRefused()
    {
        var keys = new Dictionary<string, KeyOptions> { ["a"] = new() };

        Assert.Single(AccessRules.Violations(new AccessOptions(keys, AllowAnonymous: true, [], [])));
    }

    private static IEnumerable<string> Violations(string? hosts = null, string? origins = null) =>
        AccessRules.Violations(new AccessOptions(
            new Dictionary<string, KeyOptions>(),
            AllowAnonymous: false,
            hosts is null ? [] : [hosts],
            origins is null ? [] : [origins]));
}
