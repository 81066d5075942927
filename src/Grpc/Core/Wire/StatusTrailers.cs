using System.Globalization;

namespace Grpc.Core.Wire;

/// <summary>The trailers that end a call.</summary>
internal static class StatusTrailers
{
    /// <summary>The status and the application's trailers, in the order they are sent.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Format(Status status, Metadata trailers)
    {
        var code = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        KeyValuePair<string, string> statusTrailer = new(GrpcHeaders.Status, code);
        return string.IsNullOrEmpty(status.Detail)
            ? MetadataHeaders.Format(trailers).Prepend(statusTrailer)
            : MetadataHeaders.Format(trailers)
                .Prepend(new(GrpcHeaders.Message, PercentEncoding.Encode(status.Detail)))
                .Prepend(statusTrailer);
    }

    /// <summary>The status a peer sent. A number without a name is UNKNOWN, as the protocol asks.</summary>
    public static Status Parse(string code, string? message)
    {
        var detail = message is null ? string.Empty : PercentEncoding.Decode(message);
        if (!int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return new Status(StatusCode.Unknown, $"The peer sent the status '{code}'. {detail}".TrimEnd());
        }

        return Enum.IsDefined((StatusCode)number)
            ? new Status((StatusCode)number, detail)
            : new Status(StatusCode.Unknown, $"The peer sent the status {number}. {detail}".TrimEnd());
    }
}
