using System.Globalization;
using Chat.V1;

namespace ChatGrpc.Client.Rendering;

/// <summary>What a turn cost and how long it took, in a line.</summary>
internal static class TurnSummary
{
    public static string Of(StreamEnd end)
    {
        var tries = string.Join("; ", end.Attempts.Select(attempt => Of(attempt, end.Attempts.Count > 1)));
        return $"[{tries} | {Of(end.Usage)} | {Of(end.Timings)}]";
    }

    private static string Of(Attempt attempt, bool isOneOfSeveral)
    {
        var model = $"{attempt.Provider} {attempt.ResolvedModel}";
        var outcome = attempt.Reason.Length > 0 ? attempt.Reason : $"{attempt.Outcome}";
        return isOneOfSeveral ? $"{model} {outcome} after {Seconds(attempt.DurationMs)}" : model;
    }

    private static string Of(Usage usage)
    {
        var details = new List<string>();
        if (usage.CachedTokens > 0)
        {
            details.Add($"{usage.CachedTokens} cached");
        }

        if (usage.ReasoningTokens > 0)
        {
            details.Add($"{usage.ReasoningTokens} reasoning");
        }

        details.Add(usage.Source == UsageSource.Measured ? "measured" : "estimated");
        return $"{usage.PromptTokens} + {usage.CompletionTokens} tokens ({string.Join(", ", details)})";
    }

    private static string Of(Timings timings) =>
        (timings.HasFirstTokenMs ? $"first token {Seconds(timings.FirstTokenMs)}, " : "")
        + $"total {Seconds(timings.TotalMs)}";

    private static string Seconds(long milliseconds) =>
        (milliseconds / 1000.0).ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
