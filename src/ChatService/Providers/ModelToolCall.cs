namespace ChatGrpc.Providers;

/// <summary>A tool that the model calls. Every delta of the call's arguments comes with the same one.</summary>
/// <param name="Index">The call's place in the answer, in the provider's counting.</param>
/// <param name="Id">The provider's name of the call; empty: it gives none.</param>
/// <param name="Name">The tool.</param>
internal sealed record ModelToolCall(int Index, string Id, string Name);
