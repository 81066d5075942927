using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using Google.Rpc;

namespace ChatGrpc.Tests.Providers.Resilience;

/// <summary>
/// A model that is told how each try goes: words are deltas of the answer, ~word is reasoning, @word a tool's call; a
/// dot ends the answer, !REASON fails it, hang says nothing more until somebody cancels, and the rest is cut off.
/// </summary>
/// <param name="tries">The last one goes on for ever.</param>
/// <param name="asked">Everything that the models of a test were asked, in order.</param>
internal sealed class ScriptedModel(string name, IReadOnlyList<string> tries, List<string> asked) : IModelProvider
{
    public const string Instructions = "Be brief.";

    private int _tried;

    public string Name => "scripted";

    public bool CarriesOn { get; init; }

    public List<ModelRequest> Requests { get; } = [];

    public static Failure Failure(string reason) => new(Code.Unavailable, reason, "It failed as it was told.")
    {
        Retryable = reason is ProviderReasons.Unreachable or ProviderReasons.Error or ProviderReasons.RateLimited,
        RetryAfter = reason == ProviderReasons.RateLimited ? TimeSpan.FromSeconds(5) : null,
    };

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests.Add(request);
        asked.Add(Describe(request));
        var script = tries[Math.Min(_tried++, tries.Count - 1)];
        foreach (var word in script.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (word)
            {
                case ".":
                    yield return ModelEvent.Finished(FinishReason.Stop, "stop");
                    break;
                case "hang":
                    await new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
                        .Task.WaitAsync(cancellationToken);
                    break;
                case ['!', .. var reason]:
                    yield return ModelEvent.Failed(Failure(reason));
                    break;
                case ['~', .. var thought]:
                    yield return ModelEvent.Reasoning(thought);
                    break;
                case ['@', .. var tool]:
                    yield return ModelEvent.ToolCall(new ModelToolCall(0, "call", tool), "{}");
                    break;
                default:
                    yield return ModelEvent.Answer(word);
                    break;
            }
        }
    }

    // The model's name, then what is not as it was asked for at first.
    private string Describe(ModelRequest request)
    {
        Assert.Equal(name, request.Model);
        Assert.Equal("", request.Begun);
        var begun = request.Messages.Where(message => message.Role == ModelRole.Assistant)
            .Select(message => $"+{message.Parts[0].Text}");
        return name + (request.Streaming ? "" : "/whole") + (request.Instructions.Length > 0 ? "" : "/plain")
            + string.Concat(begun);
    }
}
