using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools;

/// <summary>What the model wrote as a call's arguments: often good JSON, never to be relied on.</summary>
internal static class ToolArguments
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The arguments, or what is wrong with them, for the model.</summary>
    public static (AIFunctionArguments? Arguments, ToolFailure? Failure) Read(string json)
    {
        var arguments = new AIFunctionArguments();

        // Some providers write nothing where a tool takes nothing.
        if (string.IsNullOrWhiteSpace(json))
        {
            return (arguments, null);
        }

        try
        {
            using var document = JsonDocument.Parse(StorableText.OfJson(json), Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, new ToolFailure("The arguments must be a JSON object."));
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                arguments.Add(property.Name, property.Value.Clone());
            }

            return (arguments, null);
        }
        catch (JsonException unreadable)
        {
            return (null, new ToolFailure($"The arguments are no JSON: {unreadable.Message}"));
        }
    }
}
