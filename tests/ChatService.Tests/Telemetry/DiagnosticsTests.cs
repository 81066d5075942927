using ChatGrpc.TestKit;
using ChatGrpc.Tests.Providers.Resilience;

namespace ChatGrpc.Tests.Telemetry;

public sealed class DiagnosticsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Ask_ModelsThatFail_EachTryAndEachStepIsCounted()
    {
        using var measurements = new Measurements();
        var chain = new ScriptedChain("counted-a: !PROVIDER_UNREACHABLE | counted-b: Ho .", _time);

        _ = await chain.AskAsync(ScriptedChain.Request with { Model = "counted-a" });

        Assert.Equal(
            [
                "chatgrpc.model.attempts 1 gen_ai.provider.name=scripted chatgrpc.model=counted-a "
                + "chatgrpc.outcome=failed error.type=PROVIDER_UNREACHABLE",
                "chatgrpc.fallback.steps 1 chatgrpc.fallback.code=FALLBACK_MODEL chatgrpc.fallback.from=counted-a "
                + "chatgrpc.fallback.to=counted-b error.type=PROVIDER_UNREACHABLE",
                "chatgrpc.model.attempts 1 gen_ai.provider.name=scripted chatgrpc.model=counted-b "
                + "chatgrpc.outcome=completed",
            ],
            measurements.Of("=counted-"));
    }

    [Fact]
    public async Task Cancel_ATry_IsGivenUp()
    {
        using var measurements = new Measurements();
        using var cancel = new CancellationTokenSource();
        var said = new ScriptedChain("given-up: hang", _time).AskAsync(
            ScriptedChain.Request with { Model = "given-up" }, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => said.InTime());
        var counted = Assert.Single(measurements.Of("=given-up"));
        Assert.EndsWith("chatgrpc.outcome=given_up", counted, StringComparison.Ordinal);
    }
}
