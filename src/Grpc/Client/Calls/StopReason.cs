using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>The ways this side ends a call early, each with the status it leaves.</summary>
internal static class StopReason
{
    public static readonly Status Cancelled = new(StatusCode.Cancelled, "The caller cancelled the call.");

    public static readonly Status Disposed = new(StatusCode.Cancelled, "The caller disposed the call.");

    public static readonly Status ChannelDisposed = new(StatusCode.Cancelled, "The channel was disposed.");

    public static readonly Status DeadlineExceeded =
        new(StatusCode.DeadlineExceeded, "The call did not end before its deadline.");
}
