using System.Runtime.CompilerServices;
using Chat.V1;

namespace ChatGrpc.Providers.Xml;

/// <summary>
/// Tools for models whose wire has none: they are told of them in the instructions, and what they write as tags is read
/// as calls (docs/tools-in-words.md). Only the answer is read so, never the reasoning.
/// </summary>
internal sealed class XmlToolCalls(IModelProvider inner) : IModelProvider
{
    public string Name => inner.Name;

    public bool CarriesOn => inner.CarriesOn;

    public bool HasTools => true;

    public bool HasSchemas => inner.HasSchemas;

    public IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, CancellationToken cancellationToken) =>
        request.Tools.Count > 0 || request.Messages.Any(message => message.Role == ModelRole.Tool)
            ? ReadAsync(request, cancellationToken)
            : inner.StreamAsync(request, cancellationToken);

    private async IAsyncEnumerable<ModelEvent> ReadAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var calls = new XmlCallReader();
        calls.Recall(request.Begun);
        await foreach (var said in inner.StreamAsync(XmlToolPrompt.Told(request), cancellationToken))
        {
            switch (said.Kind)
            {
                case ModelEventKind.Answer:
                    foreach (var read in calls.Read(said.Text))
                    {
                        yield return read;
                    }

                    break;
                case ModelEventKind.Finished when calls.IsInCall && !IsCutOff(said):
                    yield return ModelEvent.Failed(new ProviderFailures(Name, request.Model).Broken(
                        $"The answer of {Name} ended in the middle of a tool call."));
                    yield break;
                case ModelEventKind.Finished or ModelEventKind.Failed:
                    foreach (var read in calls.Finish())
                    {
                        yield return read;
                    }

                    yield return calls.Count > 0 && said.Kind == ModelEventKind.Finished && !IsCutOff(said)
                        ? ModelEvent.Finished(FinishReason.ToolCalls, said.Text)
                        : said;
                    break;
                default:
                    yield return said;
                    break;
            }
        }

        foreach (var cutOff in calls.Finish())
        {
            yield return cutOff;
        }
    }

    // Not by a mistake of the model's, and no word of it that it wants its calls to be run.
    private static bool IsCutOff(in ModelEvent finished) =>
        finished.FinishReason is FinishReason.Length or FinishReason.ContentFilter;
}
