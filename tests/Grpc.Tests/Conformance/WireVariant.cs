using System.Net;
using System.Net.Http.Headers;
using Grpc.Tests.Server.Kit;

namespace Grpc.Tests.Conformance;

/// <summary>A way to make a call: a content type over a version of HTTP.</summary>
public sealed record WireVariant(string Name, string ContentType, int HttpMajor)
{
    public static WireVariant Grpc { get; } = new("gRPC", "application/grpc", 2);

    public static WireVariant WebHttp1 { get; } = new("gRPC-Web over HTTP/1.1", "application/grpc-web+proto", 1);

    public static WireVariant WebHttp2 { get; } = new("gRPC-Web over HTTP/2", "application/grpc-web", 2);

    public static WireVariant TextHttp1 { get; } = new("text over HTTP/1.1", "application/grpc-web-text", 1);

    public static WireVariant TextHttp2 { get; } = new("text over HTTP/2", "application/grpc-web-text+proto", 2);

    public static IReadOnlyList<WireVariant> All { get; } = [Grpc, WebHttp1, WebHttp2, TextHttp1, TextHttp2];

    public bool IsWeb => this != Grpc;

    public bool IsText => ContentType.Contains("text", StringComparison.Ordinal);

    public override string ToString() => Name;

    /// <summary>A request with these frames.</summary>
    internal HttpRequestMessage Request(
        TestServer server, string path, byte[] frames, params (string Name, string Value)[] headers) =>
        Request(server, path, new ByteArrayContent(Encode(frames)), headers);

    /// <inheritdoc cref="Request(TestServer, string, byte[], (string, string)[])"/>
    internal HttpRequestMessage Request(
        TestServer server, string path, HttpContent body, params (string Name, string Value)[] headers)
    {
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        var request = TestServer.Request(path, body, headers);
        if (HttpMajor == 1)
        {
            request.RequestUri = new Uri(server.Http1Address, path);
            request.Version = HttpVersion.Version11;
        }

        return request;
    }

    public byte[] Encode(byte[] frames) =>
        IsText ? System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(frames)) : frames;

    internal async Task<WireReply> CallAsync(
        TestServer server, string path, byte[] frames, params (string Name, string Value)[] headers) =>
        WireReply.Of(this, await server.SendAsync(Request(server, path, frames, headers)));
}
