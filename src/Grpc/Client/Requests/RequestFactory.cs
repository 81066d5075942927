using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Requests;

/// <summary>Makes the HTTP request of a call.</summary>
internal static class RequestFactory
{
    private const string UserAgent = "grpc-dotnet-chatgrpc/0.1";
    private static readonly MediaTypeHeaderValue GrpcContentType = new(GrpcHeaders.ContentType);

    /// <summary>A body of one message.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the request is over the sending limit.</exception>
    public static HttpContent Content<T>(GrpcChannel channel, T request, Marshaller<T> marshaller)
    {
        var body = new ArrayBufferWriter<byte>();
        new FrameWriter(body, channel.MaxSendMessageBytes).Write(request, marshaller);
        return new ReadOnlyMemoryContent(body.WrittenMemory);
    }

    public static HttpRequestMessage Create(
        Uri address, IMethod method, string? host, Metadata? headers, TimeSpan? timeout, HttpContent content)
    {
        content.Headers.ContentType = GrpcContentType;
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(address, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        message.Headers.Host = host;
        AddProtocolHeaders(message.Headers, timeout);
        if (headers is not null)
        {
            AddMetadata(message, headers);
        }

        if (!message.Headers.NonValidated.Contains("User-Agent"))
        {
            message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }

        return message;
    }

    private static void AddProtocolHeaders(HttpRequestHeaders headers, TimeSpan? timeout)
    {
        // Servers and proxies that drop trailers are told by TE that this client cannot do without.
        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, GrpcHeaders.Identity);
        if (timeout is { } remaining)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, TimeoutHeader.Format(remaining));
        }
    }

    private static void AddMetadata(HttpRequestMessage message, Metadata metadata)
    {
        foreach (var (name, value) in MetadataHeaders.Format(metadata))
        {
            // Names like content-language are refused among the request's headers and belong to its content.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
