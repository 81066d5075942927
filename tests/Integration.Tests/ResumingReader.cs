using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;
using Grpc.Net.Client;

namespace Integration.Tests;

/// <summary>
/// A client that lives through lost connections: it sends until it knows its stream, resumes that as often as it has
/// to, and believes nothing that a higher epoch withdraws. Each reading is held to the contract as it comes.
/// </summary>
/// <param name="send">With a client_request_id, so that it may be sent again.</param>
internal sealed class ResumingReader(StreamChatRequest send)
{
    private readonly List<StreamChatResponse> _log = [];

    /// <summary>The logged events that hold so far.</summary>
    public IReadOnlyList<StreamChatResponse> Log => _log;

    /// <summary>The newest session_info; null: none came yet.</summary>
    public SessionInfo? Info { get; private set; }

    public bool HasEnded => _log is [.., { StreamEnd: not null }];

    public StreamEnd End => _log[^1].StreamEnd;

    /// <summary>Readings so far.</summary>
    public int Readings { get; private set; }

    /// <summary>Events that were shown and then withdrawn.</summary>
    public int Withdrawn { get; private set; }

    /// <summary>How the last reading ended; OK: in good order.</summary>
    public StatusCode Status { get; private set; }

    /// <summary>What the last reading ended by, for who looks for its cause.</summary>
    public string Cause { get; private set; } = "";

    /// <summary>Told of each logged event.</summary>
    public Action Observed { get; init; } = static () => { };

    /// <summary>The bytes of the logged events, one after the other.</summary>
    public string LogDigest => Digest(_log);

    /// <summary>Reads a stream that exists, from its beginning.</summary>
    public static ResumingReader Of(string streamId) =>
        new(new StreamChatRequest { Resume = new Resume { StreamId = streamId } });

    /// <summary>Another client that has seen the same so far.</summary>
    public ResumingReader Copy()
    {
        var copy = new ResumingReader(send) { Info = Info };
        copy._log.AddRange(_log);
        return copy;
    }

    public static string Digest(IEnumerable<StreamChatResponse> log)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var logged in log)
        {
            using var bytes = new MemoryStream();
            Google.Protobuf.MessageExtensions.WriteDelimitedTo(logged, bytes);
            hash.AppendData(bytes.GetBuffer(), 0, (int)bytes.Length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>One reading on a connection of its own, to wherever it ends.</summary>
    /// <param name="leave">The client goes away when this ends.</param>
    public async Task ReadOnAsync(Uri address, Task? leave = null)
    {
        using var channel = GrpcChannel.ForAddress(address);
        await ReadOnAsync(new global::Chat.V1.ChatService.ChatServiceClient(channel), leave);
    }

    /// <summary>One reading to wherever it ends.</summary>
    public async Task ReadOnAsync(global::Chat.V1.ChatService.ChatServiceClient client, Task? leave = null)
    {
        Readings++;
        var asked = Place();
        using var left = new CancellationTokenSource();
        _ = leave?.ContinueWith(_ => left.Cancel(), left.Token, TaskContinuationOptions.None, TaskScheduler.Default);
        using var call = client.StreamChat(asked, cancellationToken: left.Token);
        var isFirst = true;
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None).InTime())
            {
                Take(call.ResponseStream.Current, asked.Resume, isFirst);
                isFirst = false;
            }

            Status = StatusCode.OK;
            Assert.True(HasEnded, "A reading that ends in good order has stream_end.");
        }
        catch (RpcException failure)
        {
            (Status, Cause) = (failure.StatusCode, $"{failure.Status} {failure.Status.DebugException}");
        }
    }

    /// <summary>Dense from 1, with one stream_end, last, and the digest of the answer that it carries.</summary>
    public void CheckContract()
    {
        Assert.True(HasEnded);
        Assert.Equal(Enumerable.Range(1, _log.Count).Select(i => (long)i), _log.Select(e => e.Sequence));
        Assert.Single(_log, e => e.StreamEnd is not null);
        Assert.Equal(_log.Count, End.LastSequence);
        var answer = Reading.AnswerOf(_log);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer))), End.AnswerSha256);
    }

    private StreamChatRequest Place() => Info is null ? send : new StreamChatRequest
    {
        Resume = new Resume
        {
            StreamId = Info.StreamId,
            Epoch = Info.Epoch,
            AfterSequence = _log.Count,
        },
    };

    private void Take(StreamChatResponse next, Resume? asked, bool isFirst)
    {
        Assert.Equal(isFirst, next.SessionInfo is not null);
        if (next.SessionInfo is { } info)
        {
            Begin(info, asked);
        }
        else if (next.Heartbeat is not null)
        {
            Assert.Equal(0, next.Sequence);
        }
        else
        {
            Assert.False(HasEnded, "Nothing comes after stream_end.");
            Assert.Equal(_log.Count + 1, next.Sequence);
            _log.Add(next);
            Observed();
        }
    }

    private void Begin(SessionInfo info, Resume? asked)
    {
        Assert.Equal(Info?.StreamId ?? info.StreamId, info.StreamId);
        Assert.Equal(Info?.MessageId ?? info.MessageId, info.MessageId);
        if (info.Epoch == (asked?.Epoch ?? info.Epoch))
        {
            Assert.Equal(asked?.AfterSequence ?? 0, info.ResumedAfter);
        }
        else
        {
            Assert.True(info.Epoch > asked!.Epoch, "An epoch never goes back.");
            Assert.InRange(info.ResumedAfter, 0, asked.AfterSequence);
        }

        Withdrawn += _log.Count - (int)info.ResumedAfter;
        _log.RemoveRange((int)info.ResumedAfter, _log.Count - (int)info.ResumedAfter);
        Info = info;
    }
}
