namespace ChatGrpc.Providers.Resilience;

/// <summary>A model of a chain, with what stands around it alone.</summary>
internal sealed record FallbackLink(ModelEntry Entry, IModelProvider Provider);
