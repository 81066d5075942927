using System.Globalization;
using System.Text.Json;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Demo;

/// <summary>Reads the line "/demo key=value flag ...".</summary>
internal static class DemoDirectiveParser
{
    public const string Prefix = "/demo";

    // Enough for the longest benchmark; the text of a million tokens is some megabytes.
    private const int MaxTokens = 1_000_000;
    private const double MaxRate = 100_000;
    private static readonly TimeSpan MaxDuration = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, DemoFault> Faults = new(StringComparer.Ordinal)
    {
        ["network"] = DemoFault.Network,
        ["provider"] = DemoFault.Provider,
        ["authentication"] = DemoFault.Authentication,
        ["rate-limited"] = DemoFault.RateLimited,
        ["model-unavailable"] = DemoFault.ModelUnavailable,
        ["content-filtered"] = DemoFault.ContentFiltered,
        ["context-too-long"] = DemoFault.ContextTooLong,
    };

    private static readonly string[] Keys =
    [
        "tokens", "rate", "wait", "reasoning", "split-emoji", "call", "args", "rounds", "json", "fail", "retry-after",
        "after", "cut", "hang",
    ];

    private static readonly string Usage =
        "The keys are tokens=100, rate=50 or rate=max, wait=2s, reasoning=5, split-emoji, call=NAME, args={...}, "
        + "rounds=2, json=bad, after=10, cut, hang, "
        + $"retry-after=3s and fail={string.Join('|', Faults.Keys)}.";

    /// <summary>Splits a message into its directive and the text below it.</summary>
    /// <param name="error">What is wrong with the directive, in sentences; null: nothing.</param>
    public static DemoDirective Parse(string message, out string text, out string? error)
    {
        error = null;
        var lineEnd = message.AsSpan().IndexOfAny('\r', '\n');
        var line = lineEnd < 0 ? message : message[..lineEnd];
        var words = DemoLine.Words(line);
        if (words is not [Prefix, ..] || !line.StartsWith(Prefix, StringComparison.Ordinal))
        {
            text = message;
            return DemoDirective.None;
        }

        text = message[line.Length..].Trim();
        var directive = new DemoDirective();
        foreach (var word in words.Skip(1))
        {
            if (Apply(directive, word, out var problem) is not { } applied)
            {
                error = $"The {Prefix} line is wrong at '{Shown(word)}': {problem} {Usage}";
                return DemoDirective.None;
            }

            directive = applied;
        }

        // An ending has to end something: without a text to answer, these are some words.
        var hasContent = text.Length > 0 || directive is not { Tokens: null, Calls.Count: 0, IsBadJson: false };
        return hasContent ? directive : directive with { Tokens = 20 };
    }

    private static DemoDirective? Apply(DemoDirective directive, string word, out string problem)
    {
        var separator = word.IndexOf('=', StringComparison.Ordinal);
        var key = separator < 0 ? word : word[..separator];
        var value = separator < 0 ? null : word[(separator + 1)..];
        problem = Problem(key, value);
        return (key, value) switch
        {
            ("tokens", not null) => Whole(value, 1) is { } n ? directive with { Tokens = n } : null,
            ("reasoning", not null) => Whole(value, 0) is { } n ? directive with { Reasoning = n } : null,
            ("after", not null) => Whole(value, 0) is { } n ? directive with { After = n } : null,
            ("rate", not null) => Rate(value) is { } rate ? directive with { Rate = rate } : null,
            ("wait", not null) => Duration(value) is { } wait ? directive with { Wait = wait } : null,
            ("retry-after", not null) => Duration(value) is { } wait ? directive with { RetryAfter = wait } : null,
            ("fail", not null) => Faults.TryGetValue(value, out var fault)
                ? Ending(directive with { Fault = fault }, DemoEnding.Fail, ref problem)
                : null,
            ("call", { Length: > 0 }) => directive with { Calls = [.. directive.Calls, new DemoCall(value, "{}")] },
            ("args", not null) => directive.Calls.Count > 0 && IsObject(value)
                ? directive with { Calls = WithArguments(directive.Calls, value) }
                : null,
            ("rounds", not null) => Whole(value, 1) is { } n ? directive with { Rounds = n } : null,
            ("json", "bad") => directive with { IsBadJson = true },
            ("cut", null) => Ending(directive, DemoEnding.Cut, ref problem),
            ("hang", null) => Ending(directive, DemoEnding.Hang, ref problem),
            ("split-emoji", null) => directive with { SplitEmoji = true },
            _ => null,
        };
    }

    private static DemoDirective? Ending(DemoDirective directive, DemoEnding ending, ref string problem)
    {
        if (directive.Ending == DemoEnding.Finish)
        {
            return directive with { Ending = ending };
        }

        problem = "an answer ends in one way only.";
        return null;
    }

    // What to say if the word turns out to be wrong.
    private static string Problem(string key, string? value) => key switch
    {
        "tokens" => $"it takes a whole number from 1 to {MaxTokens}.",
        "reasoning" or "after" => $"it takes a whole number from 0 to {MaxTokens}.",
        "rounds" => $"it takes a whole number from 1 to {MaxTokens}.",
        "call" => "it takes the name of a tool.",
        "args" => "it takes a JSON object, and stands behind its call.",
        "json" => "it takes bad.",
        "rate" => $"it takes deltas a second, above 0 to {MaxRate}, or max.",
        "wait" or "retry-after" => "it takes a time such as 500ms, 2s or 1m, at most an hour.",
        "fail" => "there is no such way to fail.",
        "cut" or "hang" or "split-emoji" when value is not null => "it takes no value.",
        _ => $"there is no such key.{NearNames.Suggest(key, Keys)}",
    };

    private static int? Whole(string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= MaxTokens ? number : null;

    private static double? Rate(string value) =>
        value == "max" ? double.PositiveInfinity
        : double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
            && rate is > 0 and <= MaxRate ? rate
        : null;

    private static TimeSpan? Duration(string value)
    {
        var unit = value.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        var seconds = unit switch { "ms" => 0.001, "s" => 1, "m" => 60, _ => double.NaN };
        return double.TryParse(
                value[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds <= MaxDuration.TotalSeconds
                ? TimeSpan.FromSeconds(number * seconds)
                : null;
    }

    private static DemoCall[] WithArguments(IReadOnlyList<DemoCall> calls, string arguments) =>
        [.. calls.SkipLast(1), calls[^1] with { Arguments = arguments }];

    private static bool IsObject(string value)
    {
        try
        {
            using var arguments = JsonDocument.Parse(value);
            return arguments.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Shown(string word) => word.Length <= 40 ? word : word[..40] + "…";
}
