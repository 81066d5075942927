using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>A stream as a careful client reads it.</summary>
internal sealed class Reading : IDisposable
{
    private readonly AsyncServerStreamingCall<StreamChatResponse> _call;
    private readonly List<StreamChatResponse> _events = [];

    private Reading(AsyncServerStreamingCall<StreamChatResponse> call) => _call = call;

    public IReadOnlyList<StreamChatResponse> Events => _events;

    public SessionInfo Session => _events[0].SessionInfo;

    public StreamEnd End => _events[^1].StreamEnd;

    public IEnumerable<string> Tokens => _events.Where(e => e.Token is not null).Select(e => e.Token.Text);

    /// <summary>What was not withdrawn of it.</summary>
    public string Answer => AnswerOf(_events);

    /// <summary>The logged events' names, runs of tokens as one.</summary>
    public string Shape
    {
        get
        {
            var names = _events.Select(e => e.EventCase.ToString()).ToList();
            return string.Join(" ", names.Where((name, i) => i == 0 || name != "Token" || names[i - 1] != "Token"));
        }
    }

    /// <summary>The status that the stream ended with.</summary>
    public RpcException? Failure { get; private set; }

    public static Reading Start(
        global::Chat.V1.ChatService.ChatServiceClient client,
        StreamChatRequest request,
        CallOptions options = default) =>
        new(client.StreamChat(request, options));

    /// <summary>All of a stream, checked against the contract.</summary>
    public static async Task<Reading> AllAsync(
        global::Chat.V1.ChatService.ChatServiceClient client, StreamChatRequest request)
    {
        using var reading = Start(client, request);
        await reading.ToEndAsync();
        reading.CheckContract();
        return reading;
    }

    /// <summary>Resumes as a client does: again and again, as long as it is told to. How the stream ended.</summary>
    public static async Task<StreamEnd> ResumeToEndAsync(
        global::Chat.V1.ChatService.ChatServiceClient client, SessionInfo known)
    {
        while (true)
        {
            using var reading = Start(
                client,
                new StreamChatRequest { Resume = new Resume { StreamId = known.StreamId, Epoch = known.Epoch } });
            await reading.ToEndAsync();
            if (reading.Events is [.., { StreamEnd: { } end }])
            {
                return end;
            }

            Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
        }
    }

    /// <summary>The answer's text, without what was withdrawn.</summary>
    public static string AnswerOf(IEnumerable<StreamChatResponse> events)
    {
        var kept = new List<StreamChatResponse>();
        foreach (var logged in events)
        {
            if (logged.Retract is { } retract)
            {
                _ = kept.RemoveAll(token => token.Sequence > retract.AfterSequence);
            }
            else if (logged.Token?.Channel == TokenChannel.Answer)
            {
                kept.Add(logged);
            }
        }

        return string.Concat(kept.Select(token => token.Token.Text));
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<StreamChatResponse?> NextAsync()
    {
        try
        {
            if (!await _call.ResponseStream.MoveNext(CancellationToken.None).InTime())
            {
                return null;
            }

            _events.Add(_call.ResponseStream.Current);
            return _events[^1];
        }
        catch (RpcException failure)
        {
            Failure = failure;
            return null;
        }
    }

    public async Task ToEndAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }

    public async Task UntilTokenAsync()
    {
        while (await NextAsync() is { Token: null })
        {
        }
    }

    /// <summary>The call that comes next, with its arguments.</summary>
    public async Task<ToolCall> UntilCallAsync()
    {
        while (await NextAsync() is { } next)
        {
            if (next.ToolCall?.ArgumentsJson.Length > 0)
            {
                return next.ToolCall;
            }
        }

        throw new InvalidOperationException("It ended without a call.");
    }

    /// <summary>What holds of every stream that was read to its end.</summary>
    public void CheckContract()
    {
        Assert.NotNull(_events[0].SessionInfo);
        Assert.Equal(0, _events[0].Sequence);
        var logged = _events.Where(e => e.Sequence != 0).ToList();
        Assert.Equal(Enumerable.Range(1, logged.Count).Select(i => (long)i), logged.Select(e => e.Sequence));
        Assert.All(
            _events.Where(e => e.Sequence == 0).Skip(1),
            e => Assert.Equal(StreamChatResponse.EventOneofCase.Heartbeat, e.EventCase));
        Assert.Equal(StreamChatResponse.EventOneofCase.StreamEnd, _events[^1].EventCase);
        Assert.Single(_events, e => e.StreamEnd is not null);
        Assert.Equal(logged.Count, End.LastSequence);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Answer))), End.AnswerSha256);
    }

    /// <summary>Going away, as a client does that crashes.</summary>
    public void Dispose() => _call.Dispose();
}
