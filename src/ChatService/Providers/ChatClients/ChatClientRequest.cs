using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Providers.ChatClients;

/// <summary>A request in the words of IChatClient.</summary>
internal static class ChatClientRequest
{
    public static List<ChatMessage> Messages(ModelRequest request) =>
        [.. request.Messages.Select(message => new ChatMessage(
            Role(message.Role),
            [
                .. message.Parts.Select(Content),
                .. message.Calls.Select(call => new FunctionCallContent(call.Id, call.Name, Arguments(call))),
                .. message.Results.Select(result => new FunctionResultContent(result.CallId, WireTools.Told(result))),
            ]))];

    public static ChatOptions Options(ModelRequest request) => new()
    {
        ModelId = request.Model,
        Instructions = request.Instructions.Length > 0 ? request.Instructions : null,
        Temperature = (float?)request.Temperature,
        TopP = (float?)request.TopP,
        MaxOutputTokens = (int?)request.MaxOutputTokens,
        StopSequences = request.Stop.Count > 0 ? [.. request.Stop] : null,
        Seed = request.Seed,

        // Declarations, which nobody can invoke: a call is for the turn to run, whatever the client would do.
        Tools = request.Tools.Count > 0 ? [.. request.Tools.Select(Declaration)] : null,
        ResponseFormat = request.Schema is { } schema
            ? ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema.JsonSchema), schema.Name)
            : null,
    };

    private static ChatRole Role(ModelRole role) => role switch
    {
        ModelRole.User => ChatRole.User,
        ModelRole.Assistant => ChatRole.Assistant,
        ModelRole.Tool => ChatRole.Tool,
        _ => throw new InvalidOperationException($"{role} is no role."),
    };

    private static AITool Declaration(ModelTool tool) => AIFunctionFactory.CreateDeclaration(
        tool.Name, tool.Description, JsonElement.Parse(tool.ParametersSchema));

    private static Dictionary<string, object?>? Arguments(ModelCall call) =>
        JsonSerializer.Deserialize<Dictionary<string, object?>>(WireTools.AsObject(call.ArgumentsJson));

    private static AIContent Content(Part part) => part.ContentCase == Part.ContentOneofCase.Image
        ? new DataContent(part.Image.Data.Memory, part.Image.MediaType)
        : new TextContent(part.Text);
}
