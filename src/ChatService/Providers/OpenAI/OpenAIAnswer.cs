using System.Runtime.CompilerServices;
using ChatGrpc.Model;
using ChatGrpc.Providers.Sse;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>The body of one streamed answer, from bytes to model events.</summary>
internal sealed class OpenAIAnswer
{
    // The end of the body follows the end marker at once or, from an odd server, never. Waiting for it keeps the
    // connection warm for the next turn; it is not worth more than this.
    private static readonly TimeSpan EndOfBodyWait = TimeSpan.FromMilliseconds(100);

    private readonly List<ModelEvent> _events = new(capacity: 4);
    private readonly Stream _body;
    private readonly OpenAIErrors _errors;
    private readonly TimeProvider _time;
    private readonly OpenAIChunkReader _chunks;

    public OpenAIAnswer(Stream body, OpenAIErrors errors, TimeProvider time)
    {
        _body = body;
        _errors = errors;
        _time = time;
        _chunks = new(errors, _events);
    }

    public async IAsyncEnumerable<ModelEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var chunks = SseReader.Read(_body, _chunks.Read, cancellationToken);
        var ended = false;
        try
        {
            while (!ended)
            {
                _events.Clear();
                try
                {
                    ended = await chunks.MoveNextAsync() ? chunks.Current.Data : Fail(_errors.EndedEarly());
                }
                catch (SseEventTooLargeException)
                {
                    ended = Fail(_errors.EventTooLarge());
                }
                catch (Exception exception) when (exception is IOException or HttpRequestException)
                {
                    // A cancelled read may end in either way; to the caller it is one.
                    cancellationToken.ThrowIfCancellationRequested();
                    ended = Fail(_errors.Broke(_chunks.HasText));
                }

                foreach (var modelEvent in _events)
                {
                    yield return modelEvent;
                }
            }
        }
        finally
        {
            if (ended && _events is [.., { Kind: ModelEventKind.Finished }])
            {
                await ReadToEndAsync(cancellationToken);
            }
        }
    }

    private bool Fail(Failure failure)
    {
        _events.Add(ModelEvent.Failed(failure));
        return true;
    }

    private async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(EndOfBodyWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // What a server may add after the end marker: an empty line or a comment.
            var rest = new byte[256];
            _ = await _body.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, either.Token);
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The answer is whole; only the connection is lost, and closed with the response.
        }
    }
}
