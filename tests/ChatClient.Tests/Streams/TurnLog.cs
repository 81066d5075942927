using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ChatClient.Tests.Streams;

/// <summary>The log of a turn that has ended, as a service keeps it: dense, closed by stream_end.</summary>
internal sealed class TurnLog
{
    private readonly List<StreamChatResponse> _events = [];
    private long _epoch = 1;
    private long _fence = long.MaxValue;

    private TurnLog()
    {
    }

    private StreamState State => _events[^1].StreamEnd.State;

    public static TurnLog Completed(params string[] tokens)
    {
        var log = new TurnLog();
        log.Complete(tokens);
        return log;
    }

    /// <summary>Another owner has only what was committed up to the fence, and writes the rest anew.</summary>
    public void ChangeOwner(long fence, params string[] tokens)
    {
        Drop(fence);
        Complete(tokens);
    }

    /// <summary>The service was lost and started again: nothing is generated after the fence.</summary>
    public void Interrupt(long fence)
    {
        Drop(fence);
        End(StreamState.Interrupted, new Chat.V1.Error
        {
            Code = (int)Code.Unavailable,
            Reason = "TURN_INTERRUPTED",
            Message = "The service stopped in mid-answer.",
        });
    }

    /// <summary>The model fails after what it has said so far.</summary>
    public TurnLog Fail(string reason)
    {
        Drop(_events.Count - 2);
        _epoch--;
        End(StreamState.Failed, new Chat.V1.Error
        {
            Code = (int)Code.ResourceExhausted,
            Reason = reason,
            Message = "Too many.",
            RetryAfterMs = 3_000,
        });
        return this;
    }

    public IEnumerable<StreamChatResponse> Read(Resume? from, int overlap)
    {
        var asked = from?.AfterSequence ?? 0;
        var after = from?.Epoch < _epoch ? Math.Min(asked, _fence) : asked;
        var session = new SessionInfo
        {
            StreamId = ScriptedService.StreamId,
            SessionId = "scripted",
            Epoch = _epoch,
            ResumedAfter = after,
        };
        return _events.Where(next => next.Sequence > after - overlap)
            .Prepend(new StreamChatResponse { SessionInfo = session });
    }

    /// <summary>The status that closes a reading which came to the end.</summary>
    public void ThrowIfFailed()
    {
        if (State is StreamState.Failed or StreamState.Interrupted)
        {
            var error = _events.Single(next => next.Error is not null).Error;
            throw Failure((Code)error.Code, error.Reason);
        }
    }

    public static RpcException Failure(Code code, string reason, TimeSpan? retryDelay = null)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = "It is so." };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = "chat.v1" }));
        if (retryDelay is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        return status.ToRpcException();
    }

    private void Drop(long fence)
    {
        _events.RemoveRange((int)fence, _events.Count - (int)fence);
        _fence = fence;
        _epoch++;
    }

    private void Complete(string[] tokens)
    {
        foreach (var text in tokens)
        {
            Add(new StreamChatResponse { Token = new Token { Text = text, Channel = TokenChannel.Answer } });
        }

        End(StreamState.Completed, error: null);
    }

    private void End(StreamState state, Chat.V1.Error? error)
    {
        Add(error is null
            ? new StreamChatResponse { Done = new Done { FinishReason = FinishReason.Stop } }
            : new StreamChatResponse { Error = error });
        var answer = string.Concat(_events.Where(next => next.Token is not null).Select(next => next.Token.Text));
        Add(new StreamChatResponse
        {
            StreamEnd = new StreamEnd
            {
                State = state,
                LastSequence = _events.Count + 1,
                AnswerSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer))),
            },
        });
    }

    private void Add(StreamChatResponse next)
    {
        next.Sequence = _events.Count + 1;
        _events.Add(next);
    }
}
