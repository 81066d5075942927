using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Integration.Tests;

/// <summary>A key as `keys new` makes it, with the settings that let it in.</summary>
internal sealed record TestKey(string Name)
{
    public string Text { get; } = $"chat_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";

    public string Bearer => $"Bearer {Text}";

    public string Setting =>
        $"Chat:Keys:{Name}:Hash=sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)))}";

    public string Revocation => $"Chat:Keys:{Name}:Revoked=true";
}
