using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>What a caller asks of one call.</summary>
public struct CallOptions
{
    /// <summary>Options for one call.</summary>
    /// <param name="headers">Metadata sent before the request.</param>
    /// <param name="deadline">The instant, in UTC, after which the call fails with DEADLINE_EXCEEDED.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="writeOptions">Options for the request.</param>
    /// <param name="propagationToken">The server call this call serves.</param>
    /// <param name="credentials">Credentials of this call alone.</param>
    [SuppressMessage("Design", "CA1068", Justification = "Callers rely on the order of the official API.")]
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    /// <summary>Metadata sent before the request.</summary>
    public Metadata? Headers { get; private init; }

    /// <summary>The instant, in UTC, after which the call fails with DEADLINE_EXCEEDED.</summary>
    public DateTime? Deadline { get; private init; }

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private init; }

    /// <summary>Options for the request.</summary>
    public WriteOptions? WriteOptions { get; private init; }

    /// <summary>The server call this call serves.</summary>
    public ContextPropagationToken? PropagationToken { get; private init; }

    /// <summary>Credentials of this call alone.</summary>
    public CallCredentials? Credentials { get; private init; }

    /// <summary>The same options with other headers.</summary>
    public readonly CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>The same options with another deadline, in UTC.</summary>
    public readonly CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>The same options with another token.</summary>
    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        this with { CancellationToken = cancellationToken };
}
