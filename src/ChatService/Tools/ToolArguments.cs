using System.Runtime.CompilerServices;
using System.Text.Json;
using ChatGrpc.Schemas;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools;

/// <summary>What the model wrote as a call's arguments: often good JSON, never to be relied on.</summary>
internal static class ToolArguments
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // A tool's schema is read once, and forgotten with the tool.
    private static readonly ConditionalWeakTable<AIFunction, Lazy<JsonSchema?>> Schemas = [];

    /// <summary>What the tool's arguments have to be; null: no schema that we read; it checks itself.</summary>
    public static JsonSchema? SchemaOf(AIFunction function) => Schemas.GetValue(
        function, static function => new(() => JsonSchema.Parse(function.JsonSchema.GetRawText(), out _))).Value;

    /// <summary>The arguments, or what is wrong with them, for the model.</summary>
    public static (AIFunctionArguments? Arguments, ToolFailure? Failure) Read(string json, JsonSchema? schema)
    {
        var arguments = new AIFunctionArguments();

        // Some providers write nothing where a tool takes nothing.
        json = string.IsNullOrWhiteSpace(json) ? "{}" : json;
        try
        {
            using var document = JsonDocument.Parse(StorableText.OfJson(json), Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, new ToolFailure("The arguments must be a JSON object."));
            }

            if (schema?.Check(document.RootElement) is [_, ..] errors)
            {
                return (null, new ToolFailure($"The arguments do not fit the tool: {string.Join("; ", errors)}"));
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
