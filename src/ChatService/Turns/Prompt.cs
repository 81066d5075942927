using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Makes of a turn and its conversation what the model is asked.</summary>
internal static class Prompt
{
    public const int DefaultContextLimit = 40;

    // UTF-16 units of all documents in a prompt: about a hundred pages, and half of what most models read.
    private const int LongestDocuments = 200_000;

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
                .. Conversation(branch),
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
    /// <param name="begun">What stands before the first answer's own text; empty: nothing.</param>
    public static IEnumerable<ModelMessage> MessagesOf(IEnumerable<TurnStep> steps, string begun)
    {
        TurnStep? said = null;
        foreach (var step in steps)
        {
            if (step.Kind == StepKind.Model)
            {
                var text = (said is null ? begun : "") + string.Concat(step.Events.Select(each => each.Token?.Text));
                said = step;
                yield return new ModelMessage(ModelRole.Assistant, text.Length > 0 ? [new Part { Text = text }] : [])
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
                yield return new ModelMessage(ModelRole.Tool, []) { Results = ResultsOf(step, said!) };
            }
        }
    }

    /// <summary>The message's parts as they are stored: the text first.</summary>
    public static IReadOnlyList<Part> PartsOf(StreamChatRequest request) =>
        request.Message.Length == 0 ? [.. request.Parts] : [new Part { Text = request.Message }, .. request.Parts];

    // The conversation goes on about them. What tools said for an earlier answer is in that answer, if it counts.
    private static List<Part> WithDocuments(MessageRecord message, ref int room)
    {
        var documents = message.Steps.SelectMany(step => step.Events).Select(each => each.Document)
            .OfType<Document>().Where(document => message.Parts.All(part => part.Text.Trim() != document.Text));
        var parts = new List<Part>(message.Parts);
        foreach (var document in documents)
        {
            var text = room >= document.Text.Length ? document.Text : "(left out, as the conversation has longer ones)";
            room -= text.Length;
            parts.Add(new Part { Text = $"\n\n[Document \"{document.Title}\", {document.MediaType}]\n{text}" });
        }

        return parts;
    }

    // Of documents, the newest come in first.
    private static IEnumerable<ModelMessage> Conversation(IEnumerable<MessageRecord> branch)
    {
        var room = LongestDocuments;
        var messages = new List<ModelMessage>();
        foreach (var message in branch.Reverse())
        {
            var role = message.Role == MessageRole.User ? ModelRole.User : ModelRole.Assistant;
            messages.Add(new ModelMessage(role, WithDocuments(message, ref room)));
        }

        messages.Reverse();
        return messages.Where(message => message.Parts.Count > 0);
    }

    private static IEnumerable<ToolCall> CallsOf(TurnStep step) =>
        step.Events.Select(each => each.ToolCall).OfType<ToolCall>();

    // In the order of the calls, whichever was the first to come.
    private static List<ModelCallResult> ResultsOf(TurnStep step, TurnStep said)
    {
        var results = step.Events.Select(each => each.ToolResult).OfType<ToolResult>()
            .ToDictionary(result => result.Id);
        return
        [
            .. CallsOf(said).Where(call => results.ContainsKey(call.Id)).Select(call => new ModelCallResult(
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
