using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Providers.Resilience;

/// <summary>
/// A chain of scripted models behind the real pipeline, from one line: "a+: !X; Hi . | b=: Hello ." is a model a which
/// carries on and fails its first try, and a model b which does not stream.
/// </summary>
internal sealed class ScriptedChain
{
    private readonly List<string> _asked = [];

    public ScriptedChain(string line, TimeProvider time, ResilienceOptions? options = null)
    {
        var entries = line.Split('|').Select(Entry).ToArray();
        var pipeline = new ModelPipeline(
            options ?? new ResilienceOptions { Retries = 0, Apology = "Sorry" }, new TurnOptions().ToPatience(), time);
        Chain = pipeline.Around(entries[0] with { Fallbacks = entries[1..] });
        Models = [.. entries.Select(entry => (ScriptedModel)entry.Provider)];
    }

    public IModelProvider Chain { get; }

    public IReadOnlyList<ScriptedModel> Models { get; }

    /// <summary>What the models were asked, in order.</summary>
    public string Asked => string.Join(' ', _asked);

    public static ModelRequest Request => Requests.Saying("Hi") with
    {
        Model = "a",
        Instructions = ScriptedModel.Instructions,
    };

    /// <summary>Everything that is said, in the words of the script.</summary>
    public async Task<string> AskAsync(ModelRequest? request = null, CancellationToken cancellationToken = default)
    {
        List<string> said = [];
        await foreach (var next in Chain.StreamAsync(request ?? Request, cancellationToken))
        {
            said.Add(Word(next));
        }

        return string.Join(' ', said);
    }

    private static string Word(ModelEvent said) => said.Kind switch
    {
        ModelEventKind.Answer => said.Text,
        ModelEventKind.Reasoning => $"~{said.Text}",
        ModelEventKind.ToolCall => $"@{said.ToolCallDetail.Name}",
        ModelEventKind.Finished => ".",
        ModelEventKind.Failed => $"!{said.FailureDetail.Reason}",
        ModelEventKind.Began => $"?{said.AttemptDetail.Model.Alias}",
        ModelEventKind.Retracted => "<",
        ModelEventKind.Warned => Warning(said.WarningDetail),
        _ => $"{said.Kind}",
    };

    private static string Warning(Chat.V1.Warning warning)
    {
        Assert.NotEmpty(warning.Message);
        var told = warning.Metadata;
        return $"[{warning.Code["FALLBACK_".Length..]} {told["from"]}>{told["to"]} {told["reason"]}]";
    }

    private ModelEntry Entry(string part)
    {
        var (head, tries) = part.Split(':', 2) is [var before, var after] ? (before.Trim(), after) : (part, "");
        var name = head.TrimEnd('+', '=');
        var model = new ScriptedModel(name, tries.Split(';'), _asked) { CarriesOn = head.Contains('+') };
        return new ModelEntry(name, name, model) { Streams = !head.Contains('=') };
    }
}
