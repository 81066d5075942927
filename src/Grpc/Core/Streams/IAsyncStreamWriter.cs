namespace Grpc.Core;

/// <summary>A stream of messages to write, one write at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options for the writes that follow.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes one message; a second write before this one ended is refused.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes one message; cancelling it cancels the call, for half a message cannot be undone.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? throw new NotSupportedException("This writer does not support the cancellation of a single write.")
            : WriteAsync(message);
}
