using Chat.V1;

namespace ChatGrpc.Providers.Resilience;

/// <summary>Writes the answer's beginning into the conversation, as the provider's models understand it.</summary>
internal sealed class CarryingOn(IModelProvider inner) : ModelLayer(inner)
{
    // For a model that answers anew where a conversation ends with its own words.
    private const string GoOn =
        "Your answer was cut off there. Go on with it exactly where it stopped, in mid-word if need be: "
        + "repeat nothing, and say nothing about the interruption.";

    private readonly IModelProvider _inner = inner;

    public override IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, CancellationToken cancellationToken) =>
        _inner.StreamAsync(request.Begun.Length == 0 ? request : Written(request), cancellationToken);

    private ModelRequest Written(ModelRequest request)
    {
        var begun = Message(ModelRole.Assistant, request.Begun);
        return request with
        {
            Begun = "",
            Messages = CarriesOn
                ? [.. request.Messages, begun]
                : [.. request.Messages, begun, Message(ModelRole.User, GoOn)],
        };
    }

    private static ModelMessage Message(ModelRole role, string text) => new(role, [new Part { Text = text }]);
}
