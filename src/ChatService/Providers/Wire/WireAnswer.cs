using System.Runtime.CompilerServices;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Wire;

/// <summary>The body of one streamed answer, from bytes to model events.</summary>
internal sealed class WireAnswer(Stream body, ChunkReader chunks, WireErrors errors, TimeProvider time)
{
    // The end of the body follows the end marker at once or, from an odd server, never. Waiting for it keeps the
    // connection warm for the next turn; it is not worth more than this.
    private static readonly TimeSpan EndOfBodyWait = TimeSpan.FromMilliseconds(100);

    public async IAsyncEnumerable<ModelEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var all = chunks.ReadAllAsync(body, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var ended = false;
        try
        {
            while (!ended)
            {
                chunks.Events.Clear();
                try
                {
                    ended = await all.MoveNextAsync() ? all.Current : Fail(errors.EndedEarly());
                }
                catch (EventTooLargeException)
                {
                    ended = Fail(errors.EventTooLarge());
                }
                catch (Exception exception) when (exception is IOException or HttpRequestException)
                {
                    // A cancelled read may end in either way; to the caller it is one.
                    cancellationToken.ThrowIfCancellationRequested();
                    ended = Fail(errors.Broke(chunks.HasBegun));
                }

                foreach (var modelEvent in chunks.Events)
                {
                    yield return modelEvent;
                }
            }
        }
        finally
        {
            if (ended && chunks.Events is [.., { Kind: ModelEventKind.Finished }])
            {
                await ReadToEndAsync(cancellationToken);
            }
        }
    }

    private bool Fail(Failure failure)
    {
        chunks.Events.Add(ModelEvent.Failed(failure));
        return true;
    }

    private async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(EndOfBodyWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // What a server may add after the end marker: an empty line or a comment.
            var rest = new byte[256];
            _ = await body.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, either.Token);
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The answer is whole; only the connection is lost, and closed with the response.
        }
    }
}
