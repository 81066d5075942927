using System.Text.RegularExpressions;

namespace ChatGrpc.Tools;

/// <summary>An MCP server: Chat:Tools:Servers:NAME. Either a program to start or an address.</summary>
internal sealed partial class ToolServerOptions
{
    /// <summary>The program that is started and spoken to over its standard input and output.</summary>
    public string Command { get; set; } = "";

    public List<string> Arguments { get; set; } = [];

    /// <summary>
    /// Variables for the program, beside those that programs need to start (PATH, HOME and the like). It gets no other
    /// of the service's, for among them are keys.
    /// </summary>
    public Dictionary<string, string> Environment { get; set; } = [];

    /// <summary>Where the program runs. Default: where the service does.</summary>
    public string WorkingDirectory { get; set; } = "";

    /// <summary>Where a server is that runs already, over HTTP.</summary>
    public string Url { get; set; } = "";

    /// <summary>What is sent to it with each request, such as Authorization.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>How long one call may take. Default: Chat:Tools:Deadline.</summary>
    public TimeSpan? Deadline { get; set; }

    /// <summary>How much of a result the model can be given. Default: Chat:Tools:MaxResultBytes.</summary>
    public int? MaxResultBytes { get; set; }

    /// <summary>The server's own names of the tools that are taken of it, or beginnings that end in *.</summary>
    public List<string> Tools { get; set; } = [];

    public IEnumerable<string> Violations(string name)
    {
        var section = $"Chat:Tools:Servers:{name}";
        if (!ServerName().IsMatch(name))
        {
            yield return $"{section}: a server's name has 1 to 32 of the characters a-z 0-9 -.";
        }

        if ((Command.Length > 0) == (Url.Length > 0))
        {
            yield return $"{section} needs either Command, a program, or Url, where a server is.";
        }

        if (Url.Length > 0 && !(Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return $"{section}:Url is {Url}; it must be an address with http or https.";
        }

        foreach (var violation in ToolOptions.LimitViolations(section, Deadline, MaxResultBytes))
        {
            yield return violation;
        }
    }

    [GeneratedRegex("^[a-z0-9-]{1,32}$")]
    private static partial Regex ServerName();
}
