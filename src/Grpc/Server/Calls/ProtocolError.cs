using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// How this library itself ends a call: a status and, for programs, an ErrorInfo whose reason stays as it is.
/// docs/protocol.md lists them all.
/// </summary>
internal static class ProtocolError
{
    private const string Domain = "grpc";

    // Trailers are headers, of which many clients take 8 KiB in all; a character may become four bytes or nine.
    private const int MostDebugText = 1_024;
    private const int MostDebugSentence = 256;

    /// <param name="code">Any but OK.</param>
    /// <param name="reason">UPPER_SNAKE.</param>
    /// <param name="detail">A sentence that is safe to show.</param>
    /// <param name="cause">For the log; it does not travel.</param>
    public static RpcException Of(StatusCode code, string reason, string detail, Exception? cause = null) =>
        Of(code, detail, cause, new ErrorInfo { Reason = reason, Domain = Domain });

    /// <summary>What nobody expected: the client gets the id under which it was logged.</summary>
    /// <param name="errorId">The id.</param>
    /// <param name="debug">The exception, for a server whose clients are its developers; else null.</param>
    public static RpcException Bug(string errorId, Exception? debug)
    {
        var info = new ErrorInfo { Reason = "INTERNAL_ERROR", Domain = Domain, Metadata = { ["error_id"] = errorId } };
        return debug is null
            ? Of(StatusCode.Internal, $"Internal error {errorId}", null, info)
            : Of(
                StatusCode.Internal,
                $"Internal error {errorId}: {Bounded(Describe(debug), MostDebugSentence)}",
                null,
                info,
                new DebugInfo { Detail = Bounded(debug.ToString(), MostDebugText) });
    }

    private static RpcException Of(StatusCode code, string detail, Exception? cause, params IMessage[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = detail };
        status.Details.Add(details.Select(Any.Pack));
        return new RpcException(new Core.Status(code, detail, cause), status.ToRpcException().Trailers);
    }

    private static string Describe(Exception exception) =>
        exception.InnerException is { } inner
            ? $"{exception.GetType().Name}: {exception.Message} {Describe(inner)}"
            : $"{exception.GetType().Name}: {exception.Message}";

    private static string Bounded(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
}
