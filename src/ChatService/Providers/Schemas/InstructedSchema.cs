using System.Runtime.CompilerServices;

namespace ChatGrpc.Providers.Schemas;

/// <summary>
/// Asks in words for an answer to a schema, around a provider whose wire has no place for it. Nothing is taken from the
/// answer but a Markdown fence around all of it, which models write by habit.
/// </summary>
internal sealed class InstructedSchema(IModelProvider inner) : IModelProvider
{
    public string Name => inner.Name;

    public bool CarriesOn => inner.CarriesOn;

    public bool HasTools => inner.HasTools;

    public bool HasSchemas => true;

    public IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, CancellationToken cancellationToken) =>
        request.Schema is { } schema
            ? WithoutFenceAsync(
                request with { Schema = null, Instructions = Instructed(request.Instructions, schema) },
                cancellationToken)
            : inner.StreamAsync(request, cancellationToken);

    private static string Instructed(string instructions, ModelSchema schema) =>
        (instructions.Length > 0 ? instructions + "\n\n" : "")
        + "Your answer has to be one JSON object that obeys the JSON schema below and nothing else: no words before it "
        + $"or after it, no code fence.\n{schema.JsonSchema}";

    private async IAsyncEnumerable<ModelEvent> WithoutFenceAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What carries on an answer stands behind its beginning.
        var fence = new JsonFence(isInside: request.Begun.Length > 0);
        await foreach (var said in inner.StreamAsync(request, cancellationToken))
        {
            if (said.Kind == ModelEventKind.Answer)
            {
                if (fence.Read(said.Text) is { Length: > 0 } text)
                {
                    yield return ModelEvent.Answer(text);
                }

                continue;
            }

            var rest = said.Kind switch
            {
                ModelEventKind.Finished => fence.End(),
                ModelEventKind.Failed or ModelEventKind.ToolCall => fence.Release(),
                _ => "",
            };
            if (rest.Length > 0)
            {
                yield return ModelEvent.Answer(rest);
            }

            yield return said;
        }

        if (fence.Release() is { Length: > 0 } cutOff)
        {
            yield return ModelEvent.Answer(cutOff);
        }
    }
}
