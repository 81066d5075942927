using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Providers.Resilience;

/// <summary>What stands around the models of tests.</summary>
internal static class Pipelines
{
    /// <summary>Where what the layers do is not the question: nothing is tried twice.</summary>
    public static ModelPipeline Plain(TimeProvider time) =>
        new(new ResilienceOptions { Retries = 0 }, new TurnOptions().ToPatience(), time);
}
