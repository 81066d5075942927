using Chat.V1;

namespace ChatGrpc.Endpoints;

/// <summary>What must hold of the fields that say how an answer is delivered.</summary>
internal static class DeliveryRules
{
    private const int MaxDelayMs = 1_000;
    private const int MaxTokenCharacters = 10_000;
    private const int MaxCharactersPerSecond = 100_000;

    public static void Check(StreamChatRequest request, Violations rules)
    {
        rules.RequireKnown("on_disconnect", request.OnDisconnect);
        rules.RequireKnown("on_busy", request.OnBusy);
        rules.RequireKnown("durability", request.Durability);
        if (request.Coalescing is { } coalescing)
        {
            rules.Require(
                !coalescing.HasMaxDelayMs || coalescing.MaxDelayMs is >= 1 and <= MaxDelayMs,
                "coalescing.max_delay_ms", $"must be 1 to {MaxDelayMs}");
            rules.Require(
                !coalescing.HasMaxCharacters || coalescing.MaxCharacters is >= 1 and <= MaxTokenCharacters,
                "coalescing.max_characters", $"must be 1 to {MaxTokenCharacters}");
        }

        if (request.Pacing is { } pacing)
        {
            Check(pacing, rules);
        }
    }

    private static void Check(Pacing pacing, Violations rules)
    {
        rules.RequireKnown("pacing.strategy", pacing.Strategy);
        rules.Require(pacing.Strategy != PacingStrategy.Unspecified, "pacing.strategy", "is required");
        rules.Require(
            pacing.HasCharactersPerSecond || pacing.Strategy != PacingStrategy.Fixed,
            "pacing.characters_per_second", "is required for FIXED");
        rules.Require(
            !pacing.HasCharactersPerSecond || pacing.CharactersPerSecond is >= 1 and <= MaxCharactersPerSecond,
            "pacing.characters_per_second", $"must be 1 to {MaxCharactersPerSecond}");
    }
}
