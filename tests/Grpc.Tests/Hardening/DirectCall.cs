using System.IO.Pipelines;
using Grpc.Tests.Conformance;
using Grpc.Tests.Server.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Hardening;

/// <summary>
/// Calls that skip the network: the endpoint itself, with a request body that arrives in pieces and a response in
/// memory. They cost a fraction of a call over HTTP.
/// </summary>
internal sealed class DirectCall
{
    // Whoever writes a piece runs the reader until it wants the next one: so pieces arrive as they were cut.
    private static readonly PipeOptions InPieces = new(
        readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    private readonly WebApplication _app;
    private readonly Dictionary<string, RequestDelegate> _methods;

    public DirectCall(WebApplication app)
    {
        _app = app;
        _methods = ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is not null)
            .ToDictionary(endpoint => endpoint.RoutePattern.RawText!, endpoint => endpoint.RequestDelegate!);
    }

    /// <param name="attack">The request.</param>
    /// <param name="pieces">Where to cut its body.</param>
    public async Task<WireReply> RunAsync(Attack attack, Random pieces)
    {
        var body = new Pipe(InPieces);
        var answer = new Answer();
        using var output = new MemoryStream();
        await using var scope = _app.Services.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Features.Set<IRequestBodyPipeFeature>(new RequestBody(body.Reader));
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(output));
        http.Features.Set<IHttpResponseTrailersFeature>(answer);
        http.Request.Method = HttpMethods.Post;
        http.Request.Path = attack.Path;
        http.Request.Protocol = attack.Variant.HttpMajor == 1 ? HttpProtocol.Http11 : HttpProtocol.Http2;
        http.Request.ContentType = attack.Variant.ContentType;
        foreach (var (name, value) in attack.Headers)
        {
            http.Request.Headers.Append(name, value);
        }

        var call = _methods[attack.Path](http);
        for (var sent = 0; sent < attack.Body.Length;)
        {
            var next = pieces.Next(sent, attack.Body.Length) + 1;
            await body.Writer.WriteAsync(attack.Body.AsMemory(sent, next - sent));
            sent = next;
        }

        await body.Writer.CompleteAsync();
        await call.WithinLimit();
        await http.Response.CompleteAsync();
        return WireReply.Of(attack.Variant, answer.Read(http.Response, output.ToArray()));
    }

    private sealed class RequestBody(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }

    private sealed class Answer : IHttpResponseTrailersFeature
    {
        public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

        public WireAnswer Read(HttpResponse response, byte[] body)
        {
            var message = new HttpResponseMessage((System.Net.HttpStatusCode)response.StatusCode)
            {
                Content = new ByteArrayContent(body),
            };
            foreach (var (name, values) in response.Headers)
            {
                Assert.True(message.Headers.TryAddWithoutValidation(name, values.AsEnumerable())
                    || message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable()));
            }

            foreach (var (name, values) in Trailers)
            {
                Assert.True(message.TrailingHeaders.TryAddWithoutValidation(name, values.AsEnumerable()));
            }

            return new WireAnswer(
                message.StatusCode, message.Headers, message.Content.Headers, body, message.TrailingHeaders);
        }
    }
}
