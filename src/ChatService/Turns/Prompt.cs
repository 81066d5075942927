using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Makes of a turn and its conversation what the model is asked.</summary>
internal static class Prompt
{
    public const int DefaultContextLimit = 40;

    /// <param name="branch">The conversation up to the user's message, that one included, oldest first.</param>
    /// <param name="begun">The answer's beginning, which the model is to carry on; empty: none.</param>
    public static ModelRequest Build(Turn turn, IEnumerable<MessageRecord> branch, string begun)
    {
        var request = turn.Request;
        return new ModelRequest
        {
            Model = turn.Model.Model,
            Instructions = Instructions(request),
            Messages =
            [
                .. branch
                    .Where(message => message.Parts.Count > 0)
                    .Select(message => new ModelMessage(
                        message.Role == MessageRole.User ? ModelRole.User : ModelRole.Assistant, message.Parts)),
            ],
            Begun = begun,
            Temperature = request.HasTemperature ? request.Temperature : null,
            TopP = request.HasTopP ? request.TopP : null,
            MaxOutputTokens = request.HasMaxOutputTokens ? request.MaxOutputTokens : null,
            Stop = request.Stop,
            Seed = request.HasSeed ? request.Seed : null,
        };
    }

    /// <summary>The message's parts as they are stored: the text first.</summary>
    public static IReadOnlyList<Part> PartsOf(StreamChatRequest request) =>
        request.Message.Length == 0 ? [.. request.Parts] : [new Part { Text = request.Message }, .. request.Parts];

    private static string Instructions(StreamChatRequest request)
    {
        if (request.Context is not { Fields.Count: > 0 } context)
        {
            return request.Instructions;
        }

        var facts = $"Context of the message, as JSON: {context}";
        return request.Instructions.Length == 0 ? facts : $"{request.Instructions}\n\n{facts}";
    }
}
