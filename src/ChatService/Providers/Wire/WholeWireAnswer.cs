using ChatGrpc.Model;
using ChatGrpc.Providers.Sse;

namespace ChatGrpc.Providers.Wire;

/// <summary>The body of an answer that comes in one piece, from bytes to model events.</summary>
internal static class WholeWireAnswer
{
    /// <summary>The last of the events is Finished or Failed.</summary>
    public static async Task<IReadOnlyList<ModelEvent>> ReadAsync(
        Stream body, ChunkReader chunks, WireErrors errors, CancellationToken cancellationToken)
    {
        try
        {
            // No larger than one event of a stream may be, and for the same reasons.
            using var bytes = new MemoryStream();
            await new EventBoundStream(body, EventTooLargeException.MaxBytes).CopyToAsync(bytes, cancellationToken);
            chunks.ReadWhole(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
            return chunks.Events;
        }
        catch (EventTooLargeException)
        {
            return Failed(errors.EventTooLarge());
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // A cancelled read may end in either way; to the caller it is one.
            cancellationToken.ThrowIfCancellationRequested();
            return Failed(errors.Broke(hasBegun: false));
        }
    }

    private static ModelEvent[] Failed(Failure failure) => [ModelEvent.Failed(failure)];
}
