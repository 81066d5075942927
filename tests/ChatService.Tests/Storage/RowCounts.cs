namespace ChatGrpc.Tests.Storage;

/// <summary>How much a store holds, whoever it belongs to: shows that a refusal left nothing behind.</summary>
internal sealed record RowCounts(long Sessions, long Messages, long Streams, long Chunks);
