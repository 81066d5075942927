namespace Chaos.Tests.History;

/// <summary>What the provider was asked, and how far it came.</summary>
/// <param name="Question">The text of the last message of the prompt.</param>
/// <param name="Sent">Deltas that left it whole.</param>
/// <param name="Finished">With the end marker.</param>
internal sealed record ProviderCall(long At, string Question, int Sent, bool Finished);
