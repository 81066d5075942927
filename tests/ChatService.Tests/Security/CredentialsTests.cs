using ChatGrpc.Security;
using Microsoft.AspNetCore.Http;

namespace ChatGrpc.Tests.Security;

public sealed class CredentialsTests
{
    private const string Key = "chat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Other = "chat_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    [Theory]
    [InlineData($"Bearer {Key}", null)]
    [InlineData($"bearer  {Key} ", null)]
    [InlineData(null, Key)]
    public void Read_OneKey_IsTaken(string? authorization, string? keyHeader)
    {
        Assert.Equal(Key, Credentials.Read(Headers(authorization, keyHeader), out var refusal));
        Assert.Null(refusal);
    }

    [Theory]
    [InlineData(null, null, "CREDENTIALS_MISSING")]
    [InlineData("", null, "CREDENTIALS_MALFORMED")]
    [InlineData("Bearer", null, "CREDENTIALS_MALFORMED")]
    [InlineData("Bearer ", null, "CREDENTIALS_MALFORMED")]
    [InlineData(Key, null, "CREDENTIALS_MALFORMED")]
    [InlineData($"Basic {Key}", null, "CREDENTIALS_MALFORMED")]
    [InlineData("Bearer secret", null, "CREDENTIALS_MALFORMED")]
    [InlineData(null, "secret", "CREDENTIALS_MALFORMED")]
    [InlineData("Basic eDp5", Key, "CREDENTIALS_AMBIGUOUS")]
    [InlineData($"Bearer {Key}", Key, "CREDENTIALS_AMBIGUOUS")]
    [InlineData(null, $"{Key}|", "CREDENTIALS_AMBIGUOUS")]
    [InlineData($"Bearer {Key}", Other, "CREDENTIALS_AMBIGUOUS")]
    [InlineData($"Bearer {Key}|Bearer {Other}", null, "CREDENTIALS_AMBIGUOUS")]
    [InlineData($"Bearer {Key}|Bearer {Key}", null, "CREDENTIALS_AMBIGUOUS")]
    [InlineData($"Bearer {Key}, Bearer {Key}", null, "CREDENTIALS_AMBIGUOUS")]
    [InlineData(null, $"{Key}|{Key}", "CREDENTIALS_AMBIGUOUS")]
    public void Read_NotExactlyOneKey_IsRefused(string? authorization, string? keyHeader, string reason)
    {
        Assert.Null(Credentials.Read(Headers(authorization, keyHeader), out var refusal));
        Assert.Equal(reason, refusal?.Failure.Reason);
    }

    // A bar stands between two headers of the name.
    private static IHeaderDictionary Headers(string? authorization, string? keyHeader)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        if (authorization is not null)
        {
            headers.Authorization = authorization.Split('|');
        }

        if (keyHeader is not null)
        {
            headers[Credentials.KeyHeader] = keyHeader.Split('|');
        }

        return headers;
    }
}
