using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Sse;

/// <summary>Reads server-sent events from bytes as they arrive: an event is handed on with its last byte.</summary>
internal static class SseReader
{
    /// <summary>
    /// What the events of a body were parsed to. Moving on throws <see cref="EventTooLargeException"/> for one over
    /// the limit, comments before it included, and what the stream throws.
    /// </summary>
    /// <param name="body">Left open.</param>
    /// <param name="parse">Gets an event's type and its bytes, which are valid during the call only.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Stream body, SseItemParser<T> parse, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bounded = new EventBoundStream(body, EventTooLargeException.MaxBytes);
        var parser = SseParser.Create(bounded, (type, data) =>
        {
            bounded.EventEnded();
            return parse(type, data);
        });
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            yield return item.Data;
        }
    }
}
