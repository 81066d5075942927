using ChatGrpc.Model;
using Google.Rpc;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>Why a stream was not written to its end. A client that is gone hears neither.</summary>
internal static class StoppedCall
{
    public static Failure Of(ServerCallContext call) => call.CancellationToken.IsCancellationRequested
        ? new Failure(Code.DeadlineExceeded, "DEADLINE_EXCEEDED", "The call's deadline passed before its end.")
        : new Failure(Code.Unavailable, "READER_TOO_SLOW", "What the call had sent was not read.");
}
