using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What the client is told at the end of a call.</summary>
internal sealed record CallEnding(Status Status, Metadata Trailers)
{
    public static CallEnding DeadlineExceeded { get; } =
        new(new Status(StatusCode.DeadlineExceeded, "The deadline passed."), Metadata.Empty);

    public static CallEnding Cancelled { get; } =
        new(new Status(StatusCode.Cancelled, "The client cancelled the call."), Metadata.Empty);
}
