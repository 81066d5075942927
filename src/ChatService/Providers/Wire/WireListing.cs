using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>Looks for what a listing may say. What is not there, or is something else, is null.</summary>
internal static class WireListing
{
    public static JsonElement? Find(this JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;

    public static bool? Lists(this JsonElement list, ReadOnlySpan<byte> word)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.ValueEquals(word))
            {
                return true;
            }
        }

        return false;
    }

    public static long? Count(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count > 0 ? count : null;
}
