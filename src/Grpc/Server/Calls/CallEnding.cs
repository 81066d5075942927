using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What the client is told at the end of a call.</summary>
internal sealed record CallEnding(Status Status, Metadata Trailers)
{
    public static CallEnding DeadlineExceeded { get; } = Of(ProtocolError.Of(
        StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "The deadline of the call passed."));

    public static CallEnding ReaderTooSlow { get; } = Of(ProtocolError.Of(
        StatusCode.Unavailable, "READER_TOO_SLOW", "The client did not read what the call had sent."));

    /// <summary>Nobody is told, for the client is gone; interceptors and logs may be.</summary>
    public static CallEnding Cancelled { get; } =
        new(new Status(StatusCode.Cancelled, "The client cancelled the call."), Metadata.Empty);

    public static CallEnding Of(RpcException exception) => new(exception.Status, exception.Trailers);
}
