using ChatGrpc.Model;
using Google.Rpc;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>
/// Why a stream was not written to its end, in the words of the gRPC stack: which of the two comes first is chance. A
/// client that is gone hears neither.
/// </summary>
internal static class StoppedCall
{
    public static Failure Of(ServerCallContext call) => call.CancellationToken.IsCancellationRequested
        ? new Failure(Code.DeadlineExceeded, "DEADLINE_EXCEEDED", "The deadline of the call passed.")
        : new Failure(Code.Unavailable, "READER_TOO_SLOW", "The client did not read what the call had sent.");
}
