using System.Net.ServerSentEvents;

namespace ChatGrpc.Providers.Sse;

/// <summary>Reads server-sent events from bytes as they arrive: an event is handed on with its last byte.</summary>
internal static class SseReader
{
    /// <summary>
    /// Longest event, in bytes, comments before it included. The largest that providers send hold a picture of some
    /// megabytes as base64; beyond this it is a fault or an attack, and it shall not cost memory.
    /// </summary>
    public const int MaxEventBytes = 8 * 1024 * 1024;

    /// <summary>
    /// The events of a body. Moving on throws <see cref="SseEventTooLargeException"/> for one over the limit, and what
    /// the stream throws.
    /// </summary>
    /// <param name="body">Left open.</param>
    /// <param name="parse">Gets an event's type and its bytes, which are valid during the call only.</param>
    public static IAsyncEnumerator<SseItem<T>> Read<T>(
        Stream body, SseItemParser<T> parse, CancellationToken cancellationToken)
    {
        var bounded = new EventBoundStream(body, MaxEventBytes);
        var parser = SseParser.Create(bounded, (type, data) =>
        {
            bounded.EventEnded();
            return parse(type, data);
        });
        return parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}

internal sealed class SseEventTooLargeException()
    : IOException($"A server-sent event is larger than {SseReader.MaxEventBytes} bytes.");
