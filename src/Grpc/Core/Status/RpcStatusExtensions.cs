using Google.Protobuf;
using Grpc.Core.Wire;

namespace Grpc.Core;

/// <summary>From a <see cref="Google.Rpc.Status"/> to an exception.</summary>
public static class RpcStatusExtensions
{
    /// <summary>
    /// An exception whose status and details say the same: clients read either, so the code and the sentence of
    /// both come from <paramref name="status"/>.
    /// </summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var trailers = new Metadata { { GrpcHeaders.StatusDetails, status.ToByteArray() } };
        return new RpcException(new Status((StatusCode)status.Code, status.Message), trailers);
    }
}

/// <summary>From an exception to a <see cref="Google.Rpc.Status"/>.</summary>
public static class RpcExceptionExtensions
{
    /// <summary>The rich status of a failed call, or null when the server sent none.</summary>
    /// <exception cref="InvalidProtocolBufferException">The trailer holds no status message.</exception>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException ex)
    {
        ArgumentNullException.ThrowIfNull(ex);
        return ex.Trailers.GetRpcStatus();
    }
}

/// <summary>From trailers to a <see cref="Google.Rpc.Status"/>.</summary>
public static class MetadataExtensions
{
    /// <summary>The rich status in the trailers, or null when there is none.</summary>
    /// <param name="metadata">The trailers of a call.</param>
    /// <param name="ignoreParseError">Whether a broken trailer counts as none.</param>
    /// <exception cref="InvalidProtocolBufferException">The trailer holds no status message.</exception>
    public static Google.Rpc.Status? GetRpcStatus(this Metadata metadata, bool ignoreParseError = false)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.Get(GrpcHeaders.StatusDetails) is not { } entry)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(entry.BinaryValue);
        }
        catch (InvalidProtocolBufferException) when (ignoreParseError)
        {
            return null;
        }
    }
}
