using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Demo;

/// <summary>
/// The built-in model: no network, no key, the same deltas for the same request. It shows what the service does, and
/// a directive in the message makes it behave as badly as a test needs (docs/demo-model.md).
/// </summary>
internal sealed class DemoProvider(TimeProvider time) : IModelProvider
{
    public const string ModelName = "demo";

    /// <summary>Plays a provider that does not answer.</summary>
    public const string UnreachableName = "demo-unreachable";

    /// <summary>Plays one that answers each request with an error.</summary>
    public const string BrokenName = "demo-broken";

    /// <summary>Plays one whose answers break off after a few words.</summary>
    public const string CutName = "demo-cut";

    /// <summary>It plays a reasoning model where a message asks for that.</summary>
    public static ModelCapabilities Capabilities => new() { Images = false, Reasoning = true, Tools = true };

    public string Name => ModelName;

    public bool CarriesOn { get; init; } = true;

    public IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        var said = SayAsync(request, cancellationToken);
        return request.Streaming ? said : DemoWhole.GatherAsync(said, cancellationToken);
    }

    private async IAsyncEnumerable<ModelEvent> SayAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = new ProviderFailures(Name, request.Model);
        if (Trouble(request.Model, failures) is { } trouble)
        {
            yield return ModelEvent.Failed(trouble);
            yield break;
        }

        var plan = DemoPlan.For(request, out var error);
        if (error is not null)
        {
            yield return ModelEvent.Failed(failures.Rejected(error));
            yield break;
        }

        if (plan.Directive.Wait > TimeSpan.Zero)
        {
            await Task.Delay(plan.Directive.Wait, time, cancellationToken);
        }

        var pace = Pace(plan, request);
        for (var i = 0; i < plan.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pace is not null)
            {
                await pace.DueAsync(i, cancellationToken);
            }

            yield return plan.Delta(i);
        }

        switch (plan.Ending)
        {
            case DemoEnding.Fail:
                yield return ModelEvent.Failed(Failure(plan.Directive, failures));
                break;
            case DemoEnding.Cut:
                break;
            case DemoEnding.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                break;
            case DemoEnding.Finish:
                yield return ModelEvent.Used(UsageOf(plan, request));
                yield return ModelEvent.Finished(plan.FinishReason, plan.FinishReason switch
                {
                    FinishReason.Length => "length",
                    FinishReason.ToolCalls => "tool_calls",
                    _ => "stop",
                });
                break;
            default:
                throw new InvalidOperationException($"{plan.Ending} is no ending.");
        }
    }

    private static Failure? Trouble(string model, ProviderFailures failures) => model switch
    {
        UnreachableName => failures.Network($"{UnreachableName} plays a provider that cannot be reached."),
        BrokenName => failures.Broken($"{BrokenName} plays a provider in trouble."),
        _ => null,
    };

    private DemoPace? Pace(DemoPlan plan, ModelRequest request) => plan.Directive.Rate switch
    {
        null => new(DemoDirective.NaturalRate, Seed(request), time),
        double.PositiveInfinity => null,
        { } rate => new(rate, jitterSeed: null, time),
    };

    // The request's own, or one made of the question, so that two questions do not stutter alike.
    private static ulong Seed(ModelRequest request)
    {
        if (request.Seed is { } seed)
        {
            return unchecked((ulong)seed);
        }

        // FNV-1a: string hashes of the runtime differ from process to process.
        var hash = 14695981039346656037;
        foreach (var unit in request.Messages is [.., var last] ? DemoConversation.TextOf(last) : "")
        {
            hash = unchecked((hash ^ unit) * 1099511628211);
        }

        return hash;
    }

    // Exact, since a delta is a token here.
    private static Usage UsageOf(DemoPlan plan, ModelRequest request) => new()
    {
        PromptTokens = DemoWords.Count(request.Instructions)
            + request.Messages.Sum(DemoConversation.TokensOf),
        CompletionTokens = plan.Count,
        ReasoningTokens = Math.Min(plan.Count, plan.Reasoning.Count),
        Source = UsageSource.Measured,
    };

    private static Failure Failure(DemoDirective directive, ProviderFailures failures) => directive.Fault switch
    {
        DemoFault.Network => failures.Network("The demo model plays a network that fails, as it was told."),
        DemoFault.Provider => failures.Broken("The demo model plays a provider in trouble, as it was told."),
        DemoFault.Authentication => failures.Authentication("The demo model plays a refused key, as it was told."),
        DemoFault.RateLimited => failures.RateLimited(
            "The demo model plays a rate limit, as it was told.", directive.RetryAfter),
        DemoFault.ModelUnavailable => failures.ModelUnavailable(
            "The demo model plays a model that is not there, as it was told.", retryable: true),
        DemoFault.ContentFiltered => failures.ContentFiltered("The demo model plays a content filter, as it was told."),
        DemoFault.ContextTooLong => failures.ContextTooLong(
            "The demo model plays a context that is too long, as it was told."),
        _ => throw new InvalidOperationException($"{directive.Fault} is no fault."),
    };
}
