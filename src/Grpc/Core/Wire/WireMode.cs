namespace Grpc.Core.Wire;

/// <summary>How the messages and the end of a call travel.</summary>
internal enum WireMode
{
    /// <summary>gRPC over HTTP/2: the end is in HTTP trailers.</summary>
    Grpc,

    /// <summary>gRPC-Web: the end is the last frame of the body.</summary>
    Web,

    /// <summary>gRPC-Web for clients that cannot read bytes as they come: as <see cref="Web"/>, in base64.</summary>
    WebText,
}

/// <summary>The content types of the wire modes, with protobuf named or implied.</summary>
internal static class WireModes
{
    private const string Proto = "+proto";

    // The longer names first: each begins with the one below it.
    private static readonly (string Name, WireMode Mode)[] Names =
    [
        ("application/grpc-web-text", WireMode.WebText),
        ("application/grpc-web", WireMode.Web),
        (GrpcHeaders.ContentType, WireMode.Grpc),
    ];

    /// <summary>The mode of a call; null: it is no call, or its messages are not protobuf.</summary>
    public static WireMode? Of(string? contentType)
    {
        foreach (var (name, mode) in Names)
        {
            if (contentType is not null && contentType.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return IsProtobuf(contentType.AsSpan(name.Length)) ? mode : null;
            }
        }

        return null;
    }

    /// <summary>What the answer's content type is.</summary>
    public static string ContentType(this WireMode mode) => mode switch
    {
        WireMode.Web => "application/grpc-web+proto",
        WireMode.WebText => "application/grpc-web-text+proto",
        _ => GrpcHeaders.ContentType,
    };

    private static bool IsProtobuf(ReadOnlySpan<char> rest)
    {
        var parameters = rest.IndexOf(';');
        var suffix = (parameters < 0 ? rest : rest[..parameters]).TrimEnd();
        return suffix.IsEmpty || suffix.Equals(Proto, StringComparison.OrdinalIgnoreCase);
    }
}
