using ChatGrpc.Model;
using ChatGrpc.Security;

namespace ChatGrpc.Tests.Security;

public sealed class KeyRingTests
{
    private readonly string _key = ApiKey.Create();

    [Fact]
    public void Find_TheKey_IsTheCallerOfItsTenant()
    {
        var other = ApiKey.Create();
        var ring = Ring(("Alice", Key(_key)), ("b", Key(other, tenant: "Acme.1")));

        Assert.Equal("alice", ring.Find(_key)?.TenantId);
        Assert.Equal("Acme.1", ring.Find(other)?.TenantId);
        Assert.False(ring.IsOpen);
    }

    [Fact]
    public void Find_UnknownOrRevoked_IsNobody()
    {
        var ring = Ring(("a", Key(_key, revoked: true)));

        Assert.Null(ring.Find(_key));
        Assert.Null(ring.Find(ApiKey.Create()));
        Assert.False(ring.IsOpen);
    }

    [Fact]
    public void Of_NoKeys_IsOpen() => Assert.True(Ring().IsOpen);

    [Fact]
    public void Of_TheKeyInPlaceOfItsHash_IsRefusedWithoutShowingIt()
    {
        var failure = Assert.Throws<StartupException>(() => Ring(("a", new KeyOptions { Hash = _key })));

        Assert.StartsWith("Chat:Keys:a:Hash is no hash of a key", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_key[5..], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneHashTwice_NamesBoth()
    {
        var shouted = new KeyOptions { Hash = $"sha256:{ApiKey.HashSetting(_key)[7..].ToUpperInvariant()}" };

        var failure = Assert.Throws<StartupException>(
            () => Ring(("a", Key(_key, revoked: true)), ("b", shouted)));

        Assert.Contains("Chat:Keys:b and Chat:Keys:a have the same hash", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b", "t", "Chat:Keys:a b is no name of a key")]
    [InlineData("a", "t/u", "Chat:Keys:a:Tenant is no tenant")]
    public void Of_NameOrTenantOutsideTheRule_IsRefused(string name, string tenant, string words)
    {
        var failure = Assert.Throws<StartupException>(() => Ring((name, Key(_key, tenant))));

        Assert.StartsWith(words, failure.Message, StringComparison.Ordinal);
    }

    private static KeyOptions Key(string key, string tenant = "", bool revoked = false) =>
        new() { Hash = ApiKey.HashSetting(key), Tenant = tenant, Revoked = revoked };

    private static KeyRing Ring(params (string Name, KeyOptions Key)[] keys) =>
        KeyRing.Of(keys.ToDictionary(pair => pair.Name, pair => pair.Key));
}
