using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>Looks into JSON that may hold anything. What is not there, or something else, is null or empty.</summary>
internal static class WireElement
{
    public static JsonElement? Member(this JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member)
            ? member
            : null;

    public static JsonElement[] Items(this JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    /// <exception cref="InvalidOperationException">It holds half a character.</exception>
    public static string Text(this JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>A number above zero.</summary>
    public static long? Count(this JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) && count > 0
            ? count
            : null;

    public static bool? Flag(this JsonElement? value) => value?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Whether a list of words holds one of these; null: there is no list.</summary>
    public static bool? Names(this JsonElement? list, params string[] words) =>
        list is { ValueKind: JsonValueKind.Array }
            ? list.Items().Any(item => words.Contains(((JsonElement?)item).Text()))
            : null;
}
