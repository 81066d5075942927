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
                    .Select(message => new ModelMessage(
                        message.Role == MessageRole.User ? ModelRole.User : ModelRole.Assistant,
                        WithDocuments(message)))
                    .Where(message => message.Parts.Count > 0),
            ],
            Begun = begun,
            Temperature = request.HasTemperature ? request.Temperature : null,
            TopP = request.HasTopP ? request.TopP : null,
            MaxOutputTokens = request.HasMaxOutputTokens ? request.MaxOutputTokens : null,
            Stop = request.Stop,
            Schema = AnswerForm.SchemaOf(request.ResponseFormat),
            Seed = request.HasSeed ? request.Seed : null,
        };
    }

    /// <summary>A turn's steps as the model is told of them: what it said and called, and the results.</summary>
    public static IEnumerable<ModelMessage> MessagesOf(IReadOnlyList<TurnStep> steps)
    {
        foreach (var step in steps)
        {
            if (step.Kind == StepKind.Model)
            {
                yield return new ModelMessage(ModelRole.Assistant, [.. step.Events.Select(PartOf).OfType<Part>()])
                {
                    Calls =
                    [
                        .. CallsOf(step).Select(call => new ModelCall(
                            call.Id, call.Name,
                            CalledTools.AreArguments(call.ArgumentsJson) ? call.ArgumentsJson : "{}")),
                    ],
                };
            }
            else
            {
                yield return new ModelMessage(ModelRole.Tool, []) { Results = ResultsOf(step, steps) };
            }
        }
    }

    /// <summary>The message's parts as they are stored: the text first.</summary>
    public static IReadOnlyList<Part> PartsOf(StreamChatRequest request) =>
        request.Message.Length == 0 ? [.. request.Parts] : [new Part { Text = request.Message }, .. request.Parts];

    // The conversation goes on about them. What tools said for an earlier answer is in that answer, if it counts.
    private static IReadOnlyList<Part> WithDocuments(MessageRecord message)
    {
        var documents = message.Steps.SelectMany(step => step.Events).Select(each => each.Document)
            .OfType<Document>().Where(document => message.Parts.All(part => part.Text.Trim() != document.Text));
        return
        [
            .. message.Parts,
            .. documents.Select(document => new Part
            {
                Text = $"\n\n[Document \"{document.Title}\", {document.MediaType}]\n{document.Text}",
            }),
        ];
    }

    private static Part? PartOf(StreamChatResponse logged) =>
        logged.Token is { } token ? new Part { Text = token.Text } : null;

    private static IEnumerable<ToolCall> CallsOf(TurnStep step) =>
        step.Events.Select(each => each.ToolCall).OfType<ToolCall>();

    // In the order of the calls, whichever was the first to come.
    private static List<ModelCallResult> ResultsOf(TurnStep step, IReadOnlyList<TurnStep> steps)
    {
        var results = step.Events.Select(each => each.ToolResult).OfType<ToolResult>()
            .ToDictionary(result => result.Id);
        var calls = steps.First(said => said.Number == step.Number - 1);
        return
        [
            .. CallsOf(calls).Where(call => results.ContainsKey(call.Id)).Select(call => new ModelCallResult(
                call.Id, call.Name, TextOf(results[call.Id]), results[call.Id].IsError)),
        ];
    }

    private static string TextOf(ToolResult result) =>
        result.OutputCase == ToolResult.OutputOneofCase.Json ? result.Json : result.Text;

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
