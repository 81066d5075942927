using System.Text.Json;
using ChatGrpc.Providers;

namespace ChatGrpc.Tests.Providers;

/// <summary>Lists of models, as lines that a test can compare.</summary>
internal static class ListedLines
{
    /// <summary>A model's id, and what is said of it: +images, -tools, 128000 tokens.</summary>
    public static string Line(ListedModel model) => string.Concat(
        model.Id,
        Flag(model.Images, "images"),
        Flag(model.Reasoning, "reasoning"),
        Flag(model.Tools, "tools"),
        model.ContextTokens is { } tokens ? $" {tokens}" : "");

    /// <summary>What a reader makes of JSON; null: no list.</summary>
    public static IReadOnlyList<string>? Read(string json, Func<JsonElement?, IEnumerable<ListedModel>?> read)
    {
        using var document = JsonDocument.Parse(json);
        return read(document.RootElement)?.Select(Line).ToList();
    }

    private static string Flag(bool? flag, string name) => flag is { } set ? $" {(set ? '+' : '-')}{name}" : "";
}
