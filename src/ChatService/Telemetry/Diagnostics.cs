using System.Diagnostics;
using System.Diagnostics.Metrics;
using Chat.V1;

namespace ChatGrpc.Telemetry;

/// <summary>
/// The figures of the service, under the names of OpenTelemetry's conventions for generative AI where those have one.
/// Every tag's values come from the configuration or from this code: no caller can make a series.
/// </summary>
internal static class Diagnostics
{
    public const string MeterName = "ChatGrpc";
    public const string AttemptsName = "chatgrpc.model.attempts";
    public const string FallbackStepsName = "chatgrpc.fallback.steps";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        AttemptsName, "{attempt}", "Tries at models, by how they ended.");

    private static readonly Counter<long> FallbackSteps = Meter.CreateCounter<long>(
        FallbackStepsName, "{step}", "Steps down a chain of fallbacks, by the code of their warning.");

    /// <param name="outcome">Unspecified: it was given up, as by a cancel.</param>
    /// <param name="reason">Of the failure; empty: none.</param>
    public static void Attempted(string provider, string model, StreamState outcome, string reason)
    {
        var tags = new TagList
        {
            { "gen_ai.provider.name", provider },
            { "chatgrpc.model", model },
            {
                "chatgrpc.outcome",
                outcome switch
                {
                    StreamState.Completed => "completed",
                    StreamState.Failed => "failed",
                    _ => "given_up",
                }
            },
        };
        if (reason.Length > 0)
        {
            tags.Add("error.type", reason);
        }

        Attempts.Add(1, tags);
    }

    /// <param name="code">The warning's.</param>
    /// <param name="reason">Of the failure before it.</param>
    public static void SteppedDown(string code, string from, string to, string reason) => FallbackSteps.Add(
        1,
        new("chatgrpc.fallback.code", code),
        new("chatgrpc.fallback.from", from),
        new("chatgrpc.fallback.to", to),
        new("error.type", reason));
}
