namespace Grpc.Core.Wire;

/// <summary>Names and values of the headers the protocol owns.</summary>
internal static class GrpcHeaders
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    public const string ContentType = "application/grpc";
    public const string Identity = "identity";
    public const string Gzip = "gzip";
    public const string AcceptedEncodings = $"{Identity},{Gzip}";

    private const string ReservedPrefix = "grpc-";

    /// <summary>
    /// Whether only the protocol may write a header. All of <c>grpc-</c> is reserved, but status details are
    /// handed over as metadata.
    /// </summary>
    public static bool IsReserved(string name) =>
        name.Length == 0
        || name[0] == ':'
        || (name.StartsWith(ReservedPrefix, StringComparison.OrdinalIgnoreCase) && !Is(name, StatusDetails))
        || Is(name, "content-type")
        || Is(name, "te");

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
