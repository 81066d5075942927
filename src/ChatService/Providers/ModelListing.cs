using ChatGrpc.Model;

namespace ChatGrpc.Providers;

/// <summary>A provider that can be asked which models it has.</summary>
internal interface IModelListing
{
    /// <summary>An expected failure is in the answer. Cancelling throws.</summary>
    Task<ModelListing> ListAsync(CancellationToken cancellationToken);
}

/// <summary>What a provider says it has.</summary>
/// <param name="Models">Null: it does not say.</param>
/// <param name="Failure">Why it does not answer; null: it does.</param>
internal sealed record ModelListing(IReadOnlyList<ListedModel>? Models, Failure? Failure)
{
    public static readonly ModelListing Untold = new(null, null);
}

/// <summary>A model as a provider lists it. What is null it does not say.</summary>
/// <param name="Id">The provider's own name.</param>
internal sealed record ListedModel(string Id)
{
    public bool? Images { get; init; }

    public bool? Reasoning { get; init; }

    public bool? Tools { get; init; }

    public long? ContextTokens { get; init; }
}
