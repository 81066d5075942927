using Chat.V1;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Providers.ChatClients;

/// <summary>A request in the words of IChatClient.</summary>
internal static class ChatClientRequest
{
    public static List<ChatMessage> Messages(ModelRequest request) =>
        [.. request.Messages.Select(message => new ChatMessage(
            message.Role == ModelRole.User ? ChatRole.User : ChatRole.Assistant,
            [.. message.Parts.Select(Content)]))];

    public static ChatOptions Options(ModelRequest request) => new()
    {
        ModelId = request.Model,
        Instructions = request.Instructions.Length > 0 ? request.Instructions : null,
        Temperature = (float?)request.Temperature,
        TopP = (float?)request.TopP,
        MaxOutputTokens = (int?)request.MaxOutputTokens,
        StopSequences = request.Stop.Count > 0 ? [.. request.Stop] : null,
        Seed = request.Seed,
    };

    private static AIContent Content(Part part) => part.ContentCase == Part.ContentOneofCase.Image
        ? new DataContent(part.Image.Data.Memory, part.Image.MediaType)
        : new TextContent(part.Text);
}
