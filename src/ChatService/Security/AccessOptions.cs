namespace ChatGrpc.Security;

/// <summary>Who may come in: the settings Keys, AllowAnonymous, Hosts and Origins of the section Chat.</summary>
internal sealed record AccessOptions(
    IReadOnlyDictionary<string, KeyOptions> Keys,
    bool AllowAnonymous,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Origins)
{
    /// <summary>Everybody who reaches the service is the same caller.</summary>
    public bool IsOpen => Keys.Count == 0;

    /// <summary>Nothing but its address keeps others out: it has to stay on this machine.</summary>
    public bool IsForThisMachineOnly => IsOpen && !AllowAnonymous;
}
