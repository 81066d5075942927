using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Server;

/// <summary>Each kind of call with each way to end, as it looks on the wire.</summary>
public sealed class CallKindTests
{
    public enum Outcome
    {
        Success,
        Nothing,
        FailureAtOnce,
        FailureAfterMessage,
    }

    [Theory]
    [InlineData(TestServer.Say, Outcome.Success, 1, StatusCode.OK, false)]
    [InlineData(TestServer.Say, Outcome.FailureAtOnce, 0, StatusCode.NotFound, true)]
    [InlineData(TestServer.Sum, Outcome.Success, 1, StatusCode.OK, false)]
    [InlineData(TestServer.Sum, Outcome.FailureAtOnce, 0, StatusCode.NotFound, true)]
    [InlineData(TestServer.Count, Outcome.Success, 3, StatusCode.OK, false)]
    [InlineData(TestServer.Count, Outcome.Nothing, 0, StatusCode.OK, true)]
    [InlineData(TestServer.Count, Outcome.FailureAtOnce, 0, StatusCode.NotFound, true)]
    [InlineData(TestServer.Count, Outcome.FailureAfterMessage, 1, StatusCode.NotFound, false)]
    [InlineData(TestServer.Chat, Outcome.Success, 2, StatusCode.OK, false)]
    [InlineData(TestServer.Chat, Outcome.Nothing, 0, StatusCode.OK, true)]
    [InlineData(TestServer.Chat, Outcome.FailureAtOnce, 0, StatusCode.NotFound, true)]
    [InlineData(TestServer.Chat, Outcome.FailureAfterMessage, 1, StatusCode.NotFound, false)]
    public async Task Call_EachKindAndOutcome_AnswersOnTheWire(
        string method, Outcome outcome, int messages, StatusCode status, bool trailersOnly)
    {
        await using var server = await TestServer.StartAsync(Script(outcome));

        var answer = await server.CallAsync(method, Request(method));

        answer.AssertEnded(status, trailersOnly);
        Assert.Equal(messages, Frames.Split(answer.Body).Count);
        Assert.Equal(status == StatusCode.OK ? "" : "Not here: ✗ 100%", answer.Detail);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Say_Text_ComesBackUnchanged()
    {
        await using var server = await TestServer.StartAsync();
        const string text = "naïve ‮ e\u0301 👩‍👩‍👧 \0 end";

        var answer = await server.CallAsync(TestServer.Say, new SayRequest { Text = text });

        Assert.Equal(text, Assert.Single(answer.Messages(SayResponse.Parser)).Text);
    }

    [Fact]
    public async Task Sum_ManyMessages_ReadsAllInOrder()
    {
        await using var server = await TestServer.StartAsync();
        IMessage[] summands = [.. Enumerable.Range(0, 10_000).Select(i => new SumRequest { Value = i })];

        var answer = await server.CallAsync(TestServer.Sum, Frames.Of(summands));

        Assert.Equal(49_995_000, Assert.Single(answer.Messages(SumResponse.Parser)).Total);
    }

    [Fact]
    public async Task Sum_NoMessages_IsAnEmptyStream()
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.CallAsync(TestServer.Sum, []);

        answer.AssertEnded(StatusCode.OK, trailersOnly: false);
        Assert.Equal(0, Assert.Single(answer.Messages(SumResponse.Parser)).Total);
    }

    [Fact]
    public async Task Chat_MessageByMessage_AnswersEachBeforeTheNext()
    {
        await using var server = await TestServer.StartAsync();
        var body = new OpenBody();
        var opening = server.OpenAsync(TestServer.Request(TestServer.Chat, body));

        await body.SendAsync(Frames.Of(new ChatRequest { Text = "one" }));
        using var call = await opening;
        Assert.Equal("one", (await call.ReadAsync(ChatResponse.Parser)).Text);
        await body.SendAsync(Frames.Of(new ChatRequest { Text = "two" }));
        Assert.Equal("two", (await call.ReadAsync(ChatResponse.Parser)).Text);
        body.End();

        var rest = await call.ReadRestAsync();
        Assert.Empty(rest.Body);
        rest.AssertEnded(StatusCode.OK, trailersOnly: false);
    }

    private static byte[] Request(string method) => method switch
    {
        TestServer.Say => Frames.Of(new SayRequest { Text = "hello" }),
        TestServer.Sum => Frames.Of(new SumRequest { Value = 1 }, new SumRequest { Value = 2 }),
        TestServer.Count => Frames.Of(new CountRequest { Count = 3 }),
        _ => Frames.Of(new ChatRequest { Text = "one" }, new ChatRequest { Text = "two" }),
    };

    private static EchoScript Script(Outcome outcome)
    {
        if (outcome == Outcome.Success)
        {
            return new EchoScript();
        }

        async Task End<T>(IServerStreamWriter<T> responses, T message)
        {
            if (outcome == Outcome.FailureAfterMessage)
            {
                await responses.WriteAsync(message);
            }

            if (outcome != Outcome.Nothing)
            {
                throw Failure();
            }
        }

        return new EchoScript
        {
            Say = (_, _) => throw Failure(),
            Sum = (_, _) => throw Failure(),
            Count = (_, responses, _) => End(responses, new CountResponse()),
            Chat = (_, responses, _) => End(responses, new ChatResponse()),
        };
    }

    private static RpcException Failure() => new(new Status(StatusCode.NotFound, "Not here: ✗ 100%"));
}
