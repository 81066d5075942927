using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Grpc.AspNetCore.Server.Web;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>A call as its handler sees it.</summary>
internal sealed class ServerCall : ServerCallContext, IAsyncDisposable
{
    private static readonly AuthContext Unauthenticated = new(null, []);

    private readonly IMethod _method;
    private readonly RequestHead _head;
    private Metadata? _responseTrailers;

    public ServerCall(HttpContext http, WireMode mode, IMethod method, RequestHead head, TimeProvider clock)
    {
        _method = method;
        _head = head;
        HttpContext = http;
        Lifetime = new CallLifetime(http, head.Timeout, clock);

        // Not lazily: the handler and the deadline may both be the first to ask for it.
        Response = new ServerResponse(http, mode, Lifetime, clock);
        RequestBody = mode == WireMode.WebText
            ? PipeReader.Create(new TextRequestBody(http.Request.BodyReader))
            : http.Request.BodyReader;
    }

    public HttpContext HttpContext { get; }

    public CallLifetime Lifetime { get; }

    public ServerResponse Response { get; }

    /// <summary>The frames of the request.</summary>
    public PipeReader RequestBody { get; }

    /// <summary>Whether request messages may be compressed with gzip.</summary>
    public bool SendsGzip => _head.Encoding is not null;

    /// <summary>Whether response messages may be.</summary>
    public bool AcceptsGzip => _head.AcceptsGzip;

    protected override string MethodCore => _method.FullName;

    protected override string HostCore => HttpContext.Request.Host.Value ?? string.Empty;

    protected override string PeerCore
    {
        get
        {
            var connection = HttpContext.Connection;
            return connection.RemoteIpAddress switch
            {
                null => "unknown",
                { AddressFamily: AddressFamily.InterNetwork } address =>
                    string.Create(CultureInfo.InvariantCulture, $"ipv4:{address}:{connection.RemotePort}"),
                var address => string.Create(CultureInfo.InvariantCulture, $"ipv6:[{address}]:{connection.RemotePort}"),
            };
        }
    }

    protected override DateTime DeadlineCore => Lifetime.Deadline;

    protected override Metadata RequestHeadersCore => _head.Metadata;

    protected override CancellationToken CancellationTokenCore => Lifetime.Token;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    // ASP.NET Core authenticates callers: see the HTTP context's user.
    protected override AuthContext AuthContextCore => Unauthenticated;

    public async ValueTask DisposeAsync()
    {
        await Response.DisposeAsync();
        await Lifetime.DisposeAsync();
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        return Response.SendHeadersAsync(responseHeaders);
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Pass on the deadline and the cancellation token of the call instead.");
}
