using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chat.V1;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools;

/// <summary>What a call came to, in the form in which the stream and the model get it.</summary>
/// <param name="Output">Text, or JSON.</param>
internal readonly record struct ToolOutcome(string Output, bool IsJson, bool IsError)
{
    // Other scripts as they are, not as escapes: it is read by models and people, and put into no page.
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ToolOutcome Of(ToolFailure failure) =>
        new(StorableText.Of(failure.Text), IsJson: false, IsError: true);

    /// <summary>What an AIFunction returned: JSON mostly, for those that are made of methods.</summary>
    public static ToolOutcome Of(object? value) => value switch
    {
        null => Text(""),
        ToolFailure failure => Of(failure),
        string text => Text(text),
        TextContent content => Text(content.Text),
        JsonElement element => OfElement(element),
        _ => OfElement(JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions)),
    };

    /// <summary>The same, or an error in its place where there is more than the model can be given.</summary>
    public ToolOutcome Within(int maxBytes)
    {
        var bytes = Encoding.UTF8.GetByteCount(Output);
        return bytes <= maxBytes
            ? this
            : Of(new ToolFailure($"The result has {bytes} bytes, and at most {maxBytes} can be taken: ask for less."));
    }

    public ToolResult ToResult(string callId, TimeSpan duration)
    {
        var result = new ToolResult { Id = callId, IsError = IsError, DurationMs = (long)duration.TotalMilliseconds };
        if (IsJson)
        {
            result.Json = Output;
        }
        else
        {
            result.Text = Output;
        }

        return result;
    }

    private static ToolOutcome Text(string text) => new(StorableText.Of(text), IsJson: false, IsError: false);

    // A string in quotation marks would be read as one by the model, and by people.
    private static ToolOutcome OfElement(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => Text(""),
        JsonValueKind.String => Text(JsonSerializer.Deserialize<string>(StorableText.OfJson(element.GetRawText()))!),
        _ => new(OnOneLine(StorableText.OfJson(element.GetRawText())), IsJson: true, IsError: false),
    };

    // Microsoft.Extensions.AI indents what it makes of objects, and each blank would cost a token.
    private static string OnOneLine(string json) => json.Contains('\n', StringComparison.Ordinal)
        ? JsonSerializer.Serialize(JsonElement.Parse(json), Readable)
        : json;
}
