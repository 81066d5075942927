using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace Grpc.Tests.Server;

/// <summary>What a handler throws or sets, and what the client is told.</summary>
public sealed class FailureTests
{
    private static readonly SayRequest AnyRequest = new() { Text = "x" };

    [Fact]
    public async Task UnhandledException_ByDefault_TellsAnIdOnly()
    {
        await using var server = await TestServer.StartAsync(Saying(_ => throw new FormatException("secret")));

        var answer = await server.CallAsync(TestServer.Say, AnyRequest);

        answer.AssertEnded(StatusCode.Internal, trailersOnly: true);
        var error = server.TakeError();
        Assert.IsType<FormatException>(error.Exception);
        Assert.Equal((LogLevel.Error, 1), (error.Level, error.Event.Id));
        var id = answer.Detail["Internal error ".Length..];
        Assert.Equal(32, id.Length);
        Assert.Contains(id, error.Text, StringComparison.Ordinal);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task UnhandledException_WithDetailedErrors_TellsItsText()
    {
        await using var server = await TestServer.StartAsync(
            Saying(_ => throw new FormatException("outer", new NotSupportedException("inner"))),
            options => options.EnableDetailedErrors = true);

        var answer = await server.CallAsync(TestServer.Say, AnyRequest);

        server.TakeError();
        Assert.Equal(StatusCode.Internal, answer.Status);
        Assert.EndsWith(
            "FormatException: outer NotSupportedException: inner", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnhandledException_AfterAMessage_KeepsTheMessage()
    {
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                await responses.WriteAsync(new CountResponse { Index = 7 });
                throw new FormatException();
            },
        });

        var answer = await server.CallAsync(TestServer.Count, new CountRequest());

        server.TakeError();
        answer.AssertEnded(StatusCode.Internal, trailersOnly: false);
        Assert.Equal(7, Assert.Single(answer.Messages(CountResponse.Parser)).Index);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task RpcException_WithOk_IsABugOfTheHandler()
    {
        await using var server = await TestServer.StartAsync(
            Saying(_ => throw new RpcException(Status.DefaultSuccess)));

        var answer = await server.CallAsync(TestServer.Say, AnyRequest);

        server.TakeError();
        answer.AssertEnded(StatusCode.Internal, trailersOnly: true);
    }

    [Fact]
    public async Task NullResponse_IsABugOfTheHandler()
    {
        await using var server = await TestServer.StartAsync(
            new EchoScript { Say = (_, _) => Task.FromResult<SayResponse>(null!) });

        var answer = await server.CallAsync(TestServer.Say, AnyRequest);

        server.TakeError();
        answer.AssertEnded(StatusCode.Internal, trailersOnly: true);
    }

    [Fact]
    public async Task CancelledExceptionOfItsOwn_WithTheClientThere_IsABugOfTheHandler()
    {
        await using var server = await TestServer.StartAsync(Saying(_ => throw new TaskCanceledException()));

        var answer = await server.CallAsync(TestServer.Say, AnyRequest);

        server.TakeError();
        answer.AssertEnded(StatusCode.Internal, trailersOnly: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RpcException_WithDetailsAndTrailers_SendsAllOfIt(bool afterMessage)
    {
        var rich = new Google.Rpc.Status
        {
            Code = (int)Code.ResourceExhausted,
            Message = "Slow down – please",
            Details = { Any.Pack(new RetryInfo { RetryDelay = new Duration { Seconds = 3 } }) },
        };
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, context) =>
            {
                context.ResponseTrailers.Add("x-set", "by context");
                if (afterMessage)
                {
                    await responses.WriteAsync(new CountResponse());
                }

                var thrown = rich.ToRpcException();
                thrown.Trailers.Add("x-set", "by exception");
                throw thrown;
            },
        });

        var answer = await server.CallAsync(TestServer.Count, new CountRequest());

        answer.AssertEnded(StatusCode.ResourceExhausted, trailersOnly: !afterMessage);
        Assert.Equal("Slow down – please", answer.Detail);
        var trailers = afterMessage ? answer.Trailers : answer.Headers;
        Assert.Equal(["by context", "by exception"], trailers.GetValues("x-set"));
        var details = Assert.Single(trailers.GetValues("grpc-status-details-bin"));
        Assert.DoesNotContain('=', details);
        Assert.Equal(rich, Google.Rpc.Status.Parser.ParseFrom(Base64(details)));
    }

    [Fact]
    public async Task ContextStatus_SetByTheHandler_EndsTheCall()
    {
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = (_, _, context) =>
            {
                context.Status = new Status(StatusCode.DataLoss, "gone");
                return Task.CompletedTask;
            },
        });

        var answer = await server.CallAsync(TestServer.Count, new CountRequest());

        answer.AssertEnded(StatusCode.DataLoss, trailersOnly: true);
        Assert.Equal("gone", answer.Detail);
    }

    private static byte[] Base64(string unpadded) =>
        Convert.FromBase64String(unpadded.PadRight((unpadded.Length + 3) / 4 * 4, '='));

    private static EchoScript Saying(Func<SayRequest, SayResponse> say) =>
        new() { Say = (request, _) => Task.FromResult(say(request)) };
}
