namespace ChatGrpc.Security;

/// <summary>A key that callers may come in with: Chat:Keys:NAME.</summary>
internal sealed class KeyOptions
{
    /// <summary>
    /// SHA-256 of the key, sha256: and 64 hexadecimal digits. Required; whoever reads the settings cannot use it.
    /// </summary>
    public string Hash { get; set; } = "";

    /// <summary>
    /// Whose conversations the key opens. Default: the key's own name in lower case, so that two keys share nothing
    /// unless they are told to.
    /// </summary>
    public string Tenant { get; set; } = "";

    /// <summary>The key is refused, like one that does not exist. Default: false.</summary>
    public bool Revoked { get; set; }
}
