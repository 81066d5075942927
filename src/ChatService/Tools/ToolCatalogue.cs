using Chat.V1;
using ChatGrpc.Model;
using Google.Rpc;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tools;

/// <summary>The tools that the service can run for a model.</summary>
/// <param name="builtIn">Those that are always there, by name.</param>
internal sealed class ToolCatalogue(IReadOnlyList<ToolEntry> builtIn, IOptions<ToolOptions> options)
{
    private const string NamesField = "tools.names";
    private const string ClientToolsField = "tools.client_tools";

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
        foreach (var pattern in patterns.Where(pattern => !Exists(pattern)))
        {
            var near = NearNames.Suggest(pattern.Text, builtIn.Select(tool => tool.Name));
            return new Failure(Code.NotFound, "TOOL_NOT_FOUND", $"There is no tool {pattern.Text}.{near}");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in selection.ClientTools.Select(tool => tool.Name))
        {
            if (!seen.Add(name))
            {
                return Failure.InvalidRequest(
                    [new FieldViolation(ClientToolsField, $"names {name} twice; each tool has a name of its own")]);
            }

            if (patterns.Any(pattern => pattern.Takes(name)) && IsOurs(name))
            {
                return Failure.InvalidRequest(
                    [new FieldViolation(ClientToolsField, $"names {name}, which is a tool of {NamesField} already")]);
            }
        }

        return null;
    }

    /// <summary>The tools that a request wants, or by default those of the configuration.</summary>
    public Task<ToolOffer> OfferAsync(ToolSelection? wanted, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var patterns = wanted is null ? _offered : Patterns(wanted);
        var tools = patterns.SelectMany(pattern => builtIn.Where(tool => pattern.Takes(tool.Name))).Distinct();
        return Task.FromResult(new ToolOffer([.. tools], []));
    }

    private static ToolPattern[] Patterns(ToolSelection selection) =>
        [.. selection.Names.Select(text => new ToolPattern(text))];

    private bool Exists(ToolPattern pattern) => builtIn.Any(tool => pattern.Takes(tool.Name));

    private bool IsOurs(string name) => builtIn.Any(tool => tool.Name == name);
}
