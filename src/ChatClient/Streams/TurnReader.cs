using System.Runtime.CompilerServices;
using Chat.V1;
using Grpc.Core;
using Service = Chat.V1.ChatService;

namespace ChatGrpc.Client.Streams;

/// <summary>
/// Reads one turn to its end over as many connections as that takes. Until the service has told the stream's id the
/// request is sent again, which its client_request_id makes safe; from then on the stream is resumed after the last
/// event that came.
/// </summary>
internal sealed class TurnReader(Service.ChatServiceClient chat, Outage outage)
{
    private SessionInfo? _session;
    private long _last;
    private StreamEnd? _end;
    private Error? _error;

    /// <summary>
    /// Ends after stream_end, or without one where the service went on saying that there is no more.
    /// </summary>
    /// <exception cref="RpcException">
    /// What the turn failed with, what is wrong with the request, or what the last try failed with.
    /// </exception>
    public async IAsyncEnumerable<TurnUpdate> ReadAsync(
        StreamChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            using var call = chat.StreamChat(Next(request), cancellationToken: cancellationToken);
            var (moved, failure) = await Drops.MoveAsync(call.ResponseStream, cancellationToken);
            while (moved)
            {
                foreach (var update in Take(call.ResponseStream.Current))
                {
                    yield return update;
                }

                (moved, failure) = await Drops.MoveAsync(call.ResponseStream, cancellationToken);
            }

            if (_end is { } end)
            {
                ThrowIfFailed(end, failure);
                yield break;
            }

            if (failure is not null && (cancellationToken.IsCancellationRequested || !IsDrop(failure)))
            {
                throw failure;
            }

            if (outage.IsOver && outage.Patience > TimeSpan.Zero)
            {
                yield return new TurnUpdate.Lost(failure?.Status ?? default);
            }

            var asked = failure is null ? null : Drops.RetryDelay(failure);
            if (!await outage.WaitAsync(asked, cancellationToken))
            {
                if (failure is not null)
                {
                    throw failure;
                }

                yield break;
            }
        }
    }

    private StreamChatRequest Next(StreamChatRequest request) => _session is not { } session ? request : new()
    {
        Resume = new Resume { StreamId = session.StreamId, Epoch = session.Epoch, AfterSequence = _last },
        OnDisconnect = request.OnDisconnect,
        Pacing = request.Pacing,
    };

    private IEnumerable<TurnUpdate> Take(StreamChatResponse next)
    {
        if (next.SessionInfo is { } session)
        {
            var isNewOwner = _session is { } known && known.Epoch != session.Epoch;
            _session = session;
            if (isNewOwner && session.ResumedAfter < _last)
            {
                _last = session.ResumedAfter;
                yield return new TurnUpdate.Withdrawn(_last);
            }
        }
        else if (next.Sequence == 0 || next.Sequence > _last)
        {
            outage.End();
            _last = Math.Max(_last, next.Sequence);
            _end = next.StreamEnd ?? _end;
            _error = next.Error ?? _error;
        }
        else
        {
            yield break;
        }

        yield return new TurnUpdate.Told(next);
    }

    private bool IsDrop(RpcException failure) => Drops.IsDrop(failure, begun: _session is not null);

    // The end is known by then: what breaks between it and the status takes nothing away.
    private void ThrowIfFailed(StreamEnd end, RpcException? failure)
    {
        if (end.State is StreamState.Failed or StreamState.Interrupted)
        {
            throw failure is not null && (int)failure.StatusCode == _error?.Code ? failure
                : _error is not null ? Drops.StatusOf(_error)
                : failure ?? new RpcException(new Status(StatusCode.Unavailable, "The turn did not complete."));
        }
    }
}
