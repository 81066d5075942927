namespace ChatGrpc.Tools;

/// <summary>Chat:Tools:Http in the configuration: whether models may fetch pages, and from where.</summary>
internal sealed class HttpToolOptions
{
    /// <summary>There is a tool http_fetch. Default: false, for it reads what this machine can reach.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// Hosts that it may fetch from: NAME, *.NAME for all below it, or either with :PORT; without, the scheme's own
    /// port. Required.
    /// </summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>Addresses of private networks and of this machine too. Default: false.</summary>
    public bool AllowPrivate { get; set; }

    public IEnumerable<string> Violations()
    {
        if (Enabled && Hosts.Count == 0)
        {
            yield return "Chat:Tools:Http:Enabled needs Chat:Tools:Http:Hosts:0 and so on: the hosts that models may "
                + "fetch from.";
        }

        for (var i = 0; i < Hosts.Count; i++)
        {
            if (HostPattern.Parse(Hosts[i]) is null)
            {
                yield return $"Chat:Tools:Http:Hosts:{i} is {Hosts[i]}; it must be a host name, *.NAME for all below "
                    + "it, or either with :PORT.";
            }
        }
    }
}
