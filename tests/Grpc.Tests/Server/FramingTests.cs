using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Server;

/// <summary>Bodies that are not the messages the method takes.</summary>
public sealed class FramingTests
{
    private static readonly byte[] Good = Frames.Of(new SayRequest { Text = "hello" });

    /// <summary>Wrong for a method that takes one message.</summary>
    public static TheoryData<string, byte[], StatusCode> WrongCounts => new()
    {
        { "no message", [], StatusCode.Unimplemented },
        { "two messages", [.. Good, .. Good], StatusCode.Unimplemented },
    };

    /// <summary>Wrong for every method.</summary>
    public static TheoryData<string, byte[], StatusCode> BadBodies => new()
    {
        { "prefix cut short", Good[..3], StatusCode.Internal },
        { "prefix alone", Good[..5], StatusCode.Internal },
        { "message cut short", Good[..^1], StatusCode.Internal },
        { "message and half a prefix", [.. Good, 0, 0], StatusCode.Internal },
        { "compressed without encoding", Frames.Raw(1, [1, 2, 3]), StatusCode.Internal },
        { "flag 2", Frames.Raw(2, []), StatusCode.Internal },
        { "flag 255", Frames.Raw(255, []), StatusCode.Internal },
        { "length 4 GiB", Frames.Raw(0, [], uint.MaxValue), StatusCode.ResourceExhausted },
        { "length over int", Frames.Raw(0, [], 0x8000_0000), StatusCode.ResourceExhausted },
        { "no protobuf", Frames.Raw(0, [0xFF, 0xFF, 0xFF]), StatusCode.Internal },
        { "wrong wire type end", Frames.Raw(0, [0x0C]), StatusCode.Internal },
        { "field cut short", Frames.Raw(0, [0x0A, 0x05, 0x41]), StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(WrongCounts))]
    [MemberData(nameof(BadBodies))]
    public async Task Unary_BadBody_IsRefusedAndTheConnectionLives(string what, byte[] body, StatusCode status)
    {
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Say = (_, _) => throw new InvalidOperationException($"The handler was called with {what}."),
        });

        var answer = await server.CallAsync(TestServer.Say, body);

        answer.AssertEnded(status, trailersOnly: true);
        await server.AssertNextCallWorksAsync();
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Stream_BadMessageAfterAGoodOne_FailsTheRead(string what, byte[] body, StatusCode status)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.CallAsync(TestServer.Chat, [.. Good, .. body]);

        answer.AssertEnded(status, trailersOnly: false);
        Assert.Equal((what, "hello"), (what, answer.Messages(ChatResponse.Parser)[0].Text));
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Stream_ReadAgainAfterABadMessage_FailsAgain()
    {
        var codes = new List<StatusCode>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Chat = async (requests, _, _) =>
            {
                for (var i = 0; i < 2; i++)
                {
                    var thrown = await Assert.ThrowsAsync<RpcException>(requests.NextAsync);
                    codes.Add(thrown.StatusCode);
                }
            },
        });

        await server.CallAsync(TestServer.Chat, [.. Frames.Raw(2, []), .. Good]);

        Assert.Equal([StatusCode.Internal, StatusCode.Internal], codes);
    }

    [Fact]
    public async Task Unary_ByteByByte_IsRead()
    {
        await using var server = await TestServer.StartAsync();
        var body = new OpenBody();
        var opening = server.OpenAsync(TestServer.Request(TestServer.Say, body));
        foreach (var one in Good)
        {
            await body.SendAsync([one]);
        }

        body.End();

        using var call = await opening;
        Assert.Equal("hello", (await call.ReadAsync(SayResponse.Parser)).Text);
    }

    [Fact]
    public async Task Message_OverTheLimitOfItsService_IsRefusedThereAlone()
    {
        await using var server = await TestServer.StartAsync(
            grpc: options => options.MaxReceiveMessageSize = 100,
            services: services => services.AddGrpc().AddServiceOptions<PlantingTreeService>(
                options => options.MaxReceiveMessageSize = 10));
        var text = new string('x', 50);

        var echo = await server.CallAsync(TestServer.Say, new SayRequest { Text = text });
        var tree = await server.CallAsync(TestServer.Plant, new PlantRequest { Text = text });

        Assert.Equal((StatusCode.OK, StatusCode.ResourceExhausted), (echo.Status, tree.Status));
    }

    [Theory]
    [InlineData(99, StatusCode.OK)]
    [InlineData(100, StatusCode.OK)]
    [InlineData(101, StatusCode.ResourceExhausted)]
    public async Task Message_AroundTheLimit_IsTakenUpToIt(int length, StatusCode status)
    {
        await using var server = await TestServer.StartAsync(grpc: options => options.MaxReceiveMessageSize = 100);
        var request = new SayRequest { Text = new string('x', length - 2) };
        Assert.Equal(length, request.CalculateSize());

        var answer = await server.CallAsync(TestServer.Say, request);

        Assert.Equal(status, answer.Status);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Message_OverTheLimit_IsRefusedByItsLengthAlone()
    {
        await using var server = await TestServer.StartAsync(grpc: options => options.MaxReceiveMessageSize = 100);
        var body = new OpenBody();
        var opening = server.OpenAsync(TestServer.Request(TestServer.Say, body));

        await body.SendAsync(Frames.Raw(0, [], 101));
        using var call = await opening;

        (await call.ReadRestAsync()).AssertEnded(StatusCode.ResourceExhausted, trailersOnly: true);
    }

    [Fact]
    public async Task Message_OfManyMegabytes_ComesBackWhole()
    {
        await using var server = await TestServer.StartAsync(grpc: options => options.MaxReceiveMessageSize = null);
        var text = string.Create(20_000_000, 0, (span, _) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = (char)('a' + (i % 26));
            }
        });

        var answer = await server.CallAsync(TestServer.Say, new SayRequest { Text = text });

        Assert.Equal(text, Assert.Single(answer.Messages(SayResponse.Parser)).Text);
    }

    [Fact]
    public async Task Unary_RandomBytes_AreInternalOrHarmless()
    {
        await using var server = await TestServer.StartAsync();
        var random = new Random(20261121);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);

            var answer = await server.CallAsync(TestServer.Plant, Frames.Raw(0, bytes));

            Assert.Contains(answer.Status, new[] { StatusCode.OK, StatusCode.Internal });
        }

        await server.AssertNextCallWorksAsync();
    }
}
