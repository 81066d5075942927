using Chat.V1;
using ChatGrpc.Model;
using Google.Rpc;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tools;

/// <summary>The tools that the service can run for a model: built-in ones, and those of MCP servers.</summary>
/// <param name="builtIn">Those that are always there, by name.</param>
/// <param name="servers">Where the others come from; started when one of theirs is wanted.</param>
internal sealed class ToolCatalogue(
    IReadOnlyList<ToolEntry> builtIn, ToolServers servers, IOptions<ToolOptions> options)
{
    private const string NotFound = "TOOL_NOT_FOUND";
    private const string NamesField = "tools.names";
    private const string ClientToolsField = "tools.client_tools";

    private readonly HashSet<string> _builtInNames = [.. builtIn.Select(tool => tool.Name)];

    /// <summary>What a turn gets whose request says nothing of tools.</summary>
    private readonly ToolPattern[] _offered = [.. options.Value.Offered.Select(text => new ToolPattern(text))];

    public IReadOnlyList<ToolEntry> BuiltIn => builtIn;

    public bool IsOfferedByDefault(ToolEntry tool) => _offered.Any(pattern => pattern.Takes(tool.Name));

    /// <summary>
    /// What is wrong with a request's choice, as far as it can be told without asking a server; null: nothing. Cheap,
    /// for it is asked before a turn opens.
    /// </summary>
    public Failure? Check(ToolSelection? selection)
    {
        if (selection is null)
        {
            return null;
        }

        var patterns = Patterns(selection);
        foreach (var pattern in patterns.Where(pattern => !CouldExist(pattern)))
        {
            var near = NearNames.Suggest(pattern.Text, _builtInNames);
            return new Failure(Code.NotFound, NotFound, $"There is no tool {pattern.Text}.{near}");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in selection.ClientTools.Select(tool => tool.Name))
        {
            if (!seen.Add(name))
            {
                return Failure.InvalidRequest(
                    [new FieldViolation(ClientToolsField, $"names {name} twice; each tool has a name of its own")]);
            }

            if (CouldBeOurs(name) && patterns.Any(pattern => pattern.Takes(name)))
            {
                return Failure.InvalidRequest(
                    [new FieldViolation(ClientToolsField, $"names {name}, which is a tool of {NamesField} already")]);
            }
        }

        return null;
    }

    /// <summary>
    /// The tools that a request wants, or by default those of the configuration. Takes as long as a server takes to
    /// start.
    /// </summary>
    public async Task<ToolOffer> OfferAsync(ToolSelection? wanted, CancellationToken cancellationToken)
    {
        var patterns = wanted is null ? _offered : Patterns(wanted);
        var listed = await servers.ListAsync(patterns, cancellationToken);
        var warnings = listed.Where(server => server.IsAway).Select(Unavailable);
        var missing =
            from server in listed
            where !server.IsAway
            from pattern in patterns
            where pattern.IsOneOf(server.Prefix) && !server.Tools.Any(tool => pattern.Takes(tool.Name))
            where !_builtInNames.Contains(pattern.Text)
            select Missing(server, pattern);
        var all = All(listed).ToArray();
        var tools = patterns.SelectMany(pattern => all.Where(tool => pattern.Takes(tool.Name))).Distinct();
        return new ToolOffer([.. tools], [.. warnings, .. missing]);
    }

    /// <summary>Every tool there is, and how its servers are.</summary>
    public async Task<(IReadOnlyList<ToolEntry> Tools, IReadOnlyList<ServerTools> Servers)> ListAsync(
        CancellationToken cancellationToken)
    {
        var listed = await servers.ListAsync(null, cancellationToken);
        return ([.. All(listed)], listed);
    }

    private static ToolPattern[] Patterns(ToolSelection selection) =>
        [.. selection.Names.Select(text => new ToolPattern(text))];

    private static Warning Unavailable(ServerTools server) => new()
    {
        Code = "TOOL_SERVER_UNAVAILABLE",
        Message = $"The tools of {server.Server} are not available. {server.WhyAway}",
        Metadata = { ["server"] = server.Server },
    };

    private static Warning Missing(ServerTools server, ToolPattern pattern)
    {
        var near = NearNames.Suggest(pattern.Text, server.Tools.Select(tool => tool.Name));
        return new Warning
        {
            Code = NotFound,
            Message = $"The server {server.Server} has no tool {pattern.Text}.{near}",
            Metadata = { ["server"] = server.Server, ["tool"] = pattern.Text },
        };
    }

    // The program's own functions may begin like a server's: they stand first, and a server does not replace them.
    private IEnumerable<ToolEntry> All(IEnumerable<ServerTools> listed) => builtIn.Concat(
        listed.SelectMany(server => server.Tools).Where(tool => !_builtInNames.Contains(tool.Name)));

    // All that there are may be none.
    private bool CouldExist(ToolPattern pattern) =>
        pattern.Text == "*" || _builtInNames.Any(pattern.Takes) || servers.Prefixes.Any(pattern.Meets);

    private bool CouldBeOurs(string name) => _builtInNames.Contains(name)
        || servers.Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
