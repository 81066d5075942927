namespace Grpc.Core;

/// <summary>A call as its service sees it.</summary>
public abstract class ServerCallContext
{
    private Dictionary<object, object>? _userState;

    /// <summary>The HTTP/2 path of the method.</summary>
    public string Method => MethodCore;

    /// <summary>The <c>:authority</c> the client sent.</summary>
    public string Host => HostCore;

    /// <summary>The address of the client.</summary>
    public string Peer => PeerCore;

    /// <summary>When, in UTC, the client stops waiting; <see cref="DateTime.MaxValue"/> without a deadline.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>The metadata the client sent.</summary>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Fires when the client is gone or the deadline has passed.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>Metadata to send after the last response.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>The outcome to send if the method returns normally.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>Options for the writes that follow.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    /// <summary>Who the client proved to be.</summary>
    public AuthContext AuthContext => AuthContextCore;

    /// <summary>State that interceptors and the service share during this call.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>The path, for implementations.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>The authority, for implementations.</summary>
    protected abstract string HostCore { get; }

    /// <summary>The client's address, for implementations.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>The deadline, for implementations.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>The request metadata, for implementations.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>The token, for implementations.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>The trailers, for implementations.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>The outcome, for implementations.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>The write options, for implementations.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>The proof of identity, for implementations.</summary>
    protected abstract AuthContext AuthContextCore { get; }

    /// <summary>The shared state, for implementations.</summary>
    protected virtual IDictionary<object, object> UserStateCore => _userState ??= [];

    /// <summary>Sends the response headers now; at most once, and before the first response.</summary>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>A token that links client calls to this one.</summary>
    public ContextPropagationToken CreatePropagationToken(ContextPropagationOptions? options = null) =>
        CreatePropagationTokenCore(options);

    /// <summary>Sends the response headers, for implementations.</summary>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);

    /// <summary>Makes the propagation token, for implementations.</summary>
    protected abstract ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options);
}
