using ChatGrpc.Security;

namespace ChatGrpc.Tests.Security;

public sealed class ApiKeyTests
{
    // The hash is from another program: printf chat_AAAA... | sha256sum.
    private const string Known = "chat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public void Create_EachTime_IsAnotherWellFormedKey()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKey.Create()).ToArray();

        Assert.Equal(100, keys.Distinct().Count());
        Assert.All(keys, key => Assert.True(ApiKey.IsWellFormed(key)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("chat_")]
    [InlineData(Known + "A")]
    [InlineData("chat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Chat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("chat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("chat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAé")]
    public void IsWellFormed_AnythingElse_IsNot(string text) => Assert.False(ApiKey.IsWellFormed(text));

    [Fact]
    public void HashSetting_OfAKey_IsItsSha256AndCanBeParsed()
    {
        var setting = ApiKey.HashSetting(Known);

        Assert.Equal(
            "sha256:d5e96a075f96a9947a1f3dd52f033cb357d7134bd6bdee9df0f57c64d7b5524f", setting);
        Assert.Equal(Convert.FromHexString(setting["sha256:".Length..]), ApiKey.ParseHash(setting));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:00")]
    [InlineData(Known)]
    [InlineData("md5:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:000000000000000000000000000000000000000000000000000000000000000g")]
    [InlineData("sha256:00000000000000000000000000000000000000000000000000000000000000000")]
    public void ParseHash_OfAnythingElse_IsNull(string setting) => Assert.Null(ApiKey.ParseHash(setting));
}
