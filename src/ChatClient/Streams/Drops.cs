using Chat.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using StatusCode = Grpc.Core.StatusCode;

namespace ChatGrpc.Client.Streams;

/// <summary>Tells a reading that was cut off from one that is over.</summary>
internal static class Drops
{
    /// <summary>
    /// Whether the same call may fare better in a moment. UNAVAILABLE without an end of the stream is about the reading
    /// and never about the turn.
    /// </summary>
    /// <param name="begun">The service knows of the turn, and was a chat service when it said so.</param>
    public static bool IsDrop(RpcException failure, bool begun) => failure.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => true,

        // A reset stream, or whatever stands in front of a service that is away.
        StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown => begun && IsOfTransport(failure),

        // Too many came back at the same time.
        StatusCode.ResourceExhausted => begun,
        _ => false,
    };

    /// <summary>The service did not say it: the way there broke.</summary>
    public static bool IsOfTransport(RpcException failure) => Details(failure) is null;

    public static TimeSpan? RetryDelay(RpcException failure) =>
        Details(failure)?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();

    /// <summary>The status that the service would have ended the call with.</summary>
    public static RpcException StatusOf(Error error)
    {
        var status = new Google.Rpc.Status { Code = error.Code, Message = error.Message };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = error.Reason, Metadata = { error.Metadata } }));
        if (error.HasRetryAfterMs)
        {
            var delay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(error.RetryAfterMs));
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = delay }));
        }

        return status.ToRpcException();
    }

    /// <summary>The next message; false: there is none, and the failure says why, if it is one.</summary>
    public static async Task<(bool Moved, RpcException? Failure)> MoveAsync<T>(
        IAsyncStreamReader<T> responses, CancellationToken cancellationToken)
    {
        try
        {
            return (await responses.MoveNext(cancellationToken), null);
        }
        catch (RpcException failure)
        {
            return (false, failure);
        }
    }

    private static Google.Rpc.Status? Details(RpcException failure) =>
        failure.Trailers.GetRpcStatus(ignoreParseError: true);
}
