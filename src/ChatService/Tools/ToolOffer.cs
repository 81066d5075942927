using Chat.V1;

namespace ChatGrpc.Tools;

/// <summary>What a turn's model may call of the service's own.</summary>
/// <param name="Tools">Each once, in the order of the request.</param>
/// <param name="Warnings">What was asked for and cannot be had just now; the turn goes on without.</param>
internal sealed record ToolOffer(IReadOnlyList<ToolEntry> Tools, IReadOnlyList<Warning> Warnings);
