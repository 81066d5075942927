using ChatGrpc.Model;

namespace ChatGrpc.Providers;

/// <summary>The models that a provider says it has, in its own order.</summary>
/// <param name="Models">Empty if it failed.</param>
/// <param name="Failure">Null: the list is whole. Its metadata names the provider and no model.</param>
internal sealed record ListedModels(IReadOnlyList<ListedModel> Models, Failure? Failure = null)
{
    public static ListedModels Failed(Failure failure) => new([], failure);
}

/// <summary>What a provider's list says of a model. What is null it does not say.</summary>
/// <param name="Id">The provider's own name of the model.</param>
internal sealed record ListedModel(string Id)
{
    /// <summary>It reads pictures.</summary>
    public bool? Images { get; init; }

    /// <summary>It can think before it answers.</summary>
    public bool? Reasoning { get; init; }

    /// <summary>It can call tools.</summary>
    public bool? Tools { get; init; }

    /// <summary>Longest conversation, in the model's tokens.</summary>
    public long? ContextTokens { get; init; }
}
