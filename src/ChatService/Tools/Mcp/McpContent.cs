using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace ChatGrpc.Tools.Mcp;

/// <summary>What a server's tool answered, as a model can read it: JSON if there is some, else text.</summary>
internal static class McpContent
{
    public static object Of(CallToolResult result)
    {
        var text = string.Join('\n', result.Content.Select(Text));
        return result switch
        {
            { IsError: true } => new ToolFailure(
                text.Length > 0 ? text : result.StructuredContent?.GetRawText() ?? "The tool failed."),
            { StructuredContent: { ValueKind: not JsonValueKind.Null } structured } => structured,
            _ => text,
        };
    }

    // A model that is given text cannot see; it is told what there would be.
    private static string Text(ContentBlock block) => block switch
    {
        TextContentBlock text => text.Text,
        ImageContentBlock image => $"[a picture, {image.MimeType}, {image.DecodedData.Length} bytes]",
        AudioContentBlock audio => $"[a sound, {audio.MimeType}, {audio.DecodedData.Length} bytes]",
        EmbeddedResourceBlock { Resource: TextResourceContents text } => text.Text,
        EmbeddedResourceBlock resource => $"[a file, {resource.Resource.MimeType}, {resource.Resource.Uri}]",
        ResourceLinkBlock link => $"[a link to {link.Name}, {link.Uri}]",
        _ => $"[{block.Type}]",
    };
}
