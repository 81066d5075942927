using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Tests.Server.Kit;

/// <summary>A whole answer as it was on the wire.</summary>
internal sealed record WireAnswer(
    HttpStatusCode HttpStatus,
    HttpResponseHeaders Headers,
    HttpContentHeaders ContentHeaders,
    byte[] Body,
    HttpResponseHeaders Trailers)
{
    /// <summary>Whether the answer was one block of headers.</summary>
    public bool IsTrailersOnly => Headers.Contains("grpc-status");

    public StatusCode Status => (StatusCode)int.Parse(
        Assert.Single((IsTrailersOnly ? Headers : Trailers).GetValues("grpc-status")), CultureInfo.InvariantCulture);

    public string Detail => (IsTrailersOnly ? Headers : Trailers).TryGetValues("grpc-message", out var values)
        ? Uri.UnescapeDataString(Assert.Single(values))
        : string.Empty;

    public IReadOnlyList<T> Messages<T>(MessageParser<T> parser)
        where T : IMessage<T> => [.. Frames.Split(Body).Select(parser.ParseFrom)];

    public void AssertEnded(StatusCode status, bool trailersOnly)
    {
        Assert.Equal(HttpStatusCode.OK, HttpStatus);
        Assert.Equal("application/grpc", ContentHeaders.ContentType?.ToString());
        Assert.Equal((status, trailersOnly), (Status, IsTrailersOnly));
        Assert.Equal(!trailersOnly, Trailers.Contains("grpc-status"));
    }
}
