using System.Globalization;
using System.Text.Json;
using Chat.V1;

namespace ChatGrpc.Client.Tools;

/// <summary>A call of a tool in a line to read: what was asked, and what came of it.</summary>
internal static class CallLine
{
    // What fits beside a name in a terminal's line.
    private const int MaxArguments = 80;
    private const int MaxError = 120;

    public static string Asked(ToolCall call)
    {
        var arguments = Cut(InWords(call.ArgumentsJson), MaxArguments);
        return arguments.Length > 0 ? $"{call.Name} {arguments}" : call.Name;
    }

    public static string Ended(ToolResult result)
    {
        var time = result.DurationMs < 1_000
            ? $"{result.DurationMs} ms"
            : (result.DurationMs / 1000.0).ToString("0.0#", CultureInfo.InvariantCulture) + " s";
        return result.IsError ? $"failed after {time}: {Cut(Output(result), MaxError)}" : time;
    }

    public static string Output(ToolResult result) =>
        result.OutputCase == ToolResult.OutputOneofCase.Json ? result.Json : result.Text;

    /// <summary>One line of it, and no more than so many characters.</summary>
    public static string Cut(string text, int length)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= length)
        {
            return line;
        }

        // Half a character would be none.
        return line[..(char.IsHighSurrogate(line[length - 2]) ? length - 2 : length - 1)] + "…";
    }

    private static string InWords(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return parsed.RootElement.ValueKind == JsonValueKind.Object
                ? string.Join(", ", parsed.RootElement.EnumerateObject().Select(one => $"{one.Name}: {one.Value}"))
                : json;
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
