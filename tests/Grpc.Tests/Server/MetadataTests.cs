using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Http;

namespace Grpc.Tests.Server;

public sealed class MetadataTests
{
    [Fact]
    public async Task RequestHeaders_TextBinaryAndDuplicates_ReachTheHandler()
    {
        Metadata? seen = null;
        await using var server = await TestServer.StartAsync(Seeing(context => seen = context.RequestHeaders));

        await server.CallAsync(
            TestServer.Say,
            new SayRequest(),
            ("x-one", "1"),
            ("x-twice", "a"),
            ("x-twice", "b"),
            ("x-padded-bin", "AP8="),
            ("x-many-bin", "AQ, Ag,AwQ"),
            ("grpc-timeout", "1H"));

        Assert.NotNull(seen);
        Assert.Equal("1", seen.GetValue("x-one"));
        Assert.Equal("a,b", string.Join(',', seen.GetAll("X-Twice").Select(e => e.Value.Replace(" ", ""))));
        Assert.Equal([0, 255], seen.GetValueBytes("x-padded-bin"));
        Assert.Equal([[1], [2], [3, 4]], seen.GetAll("x-many-bin").Select(e => e.ValueBytes));
        Assert.All(
            ["grpc-timeout", "content-type", "te", "host", ":path"],
            name => Assert.Null(seen.Get(name)));
    }

    [Theory]
    [InlineData("x-bad-bin", "*")]
    [InlineData("x-bad-bin", "AP8=, A")]
    [InlineData("grpc-timeout", "1x")]
    [InlineData("grpc-timeout", "123456789S")]
    [InlineData("grpc-timeout", "-1S")]
    [InlineData("grpc-timeout", "S")]
    public async Task RequestHeaders_Malformed_AreInternal(string name, string value)
    {
        await using var server = await TestServer.StartAsync(Unreachable());

        var answer = await server.CallAsync(TestServer.Say, new SayRequest(), (name, value));

        answer.AssertEnded(StatusCode.Internal, trailersOnly: true);
        Assert.Contains(name, answer.Detail, StringComparison.Ordinal);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Encoding_Unknown_IsUnimplementedAndNamesWhatIsSupported()
    {
        await using var server = await TestServer.StartAsync(Unreachable());

        var answer = await server.CallAsync(TestServer.Say, new SayRequest(), ("grpc-encoding", "foo"));

        answer.AssertEnded(StatusCode.Unimplemented, trailersOnly: true);
        Assert.Equal("identity,gzip", Assert.Single(answer.Headers.GetValues("grpc-accept-encoding")));
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Encoding_Identity_IsTaken()
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.CallAsync(TestServer.Say, new SayRequest(), ("grpc-encoding", "identity"));

        answer.AssertEnded(StatusCode.OK, trailersOnly: false);
    }

    [Fact]
    public async Task ResponseHeaders_SentByTheHandler_ArriveBeforeTheFirstMessage()
    {
        var release = new Gate();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, context) =>
            {
                await context.WriteResponseHeadersAsync(new Metadata
                {
                    { "x-text", "t" },
                    { "x-raw-bin", [0, 1, 254, 255] },
                    { "x-twice", "a" },
                    { "x-twice", "b" },
                });
                await release.Opened();
                await responses.WriteAsync(new CountResponse());
                context.ResponseTrailers.Add("x-end", "e");
                context.ResponseTrailers.Add("x-end-bin", [7]);
            },
        });
        var request = TestServer.Request(TestServer.Count, new ByteArrayContent(Frames.Of(new CountRequest())));

        using var call = await server.OpenAsync(request);

        Assert.Equal(["t"], call.Response.Headers.GetValues("x-text"));
        Assert.Equal(["AAH+/w"], call.Response.Headers.GetValues("x-raw-bin"));
        Assert.Equal(["a", "b"], call.Response.Headers.GetValues("x-twice"));
        release.Open();
        var rest = await call.ReadRestAsync();
        rest.AssertEnded(StatusCode.OK, trailersOnly: false);
        Assert.Equal(["e"], rest.Trailers.GetValues("x-end"));
        Assert.Equal(["Bw"], rest.Trailers.GetValues("x-end-bin"));
    }

    [Fact]
    public async Task ResponseHeaders_SentTwice_AreRefused()
    {
        var second = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Say = async (_, context) =>
            {
                await context.WriteResponseHeadersAsync([]);
                second.SetResult(await Record.ExceptionAsync(() => context.WriteResponseHeadersAsync([])));
                return new SayResponse();
            },
        });

        var answer = await server.CallAsync(TestServer.Say, new SayRequest());

        Assert.IsType<InvalidOperationException>(await second.Task.WithinLimit());
        answer.AssertEnded(StatusCode.OK, trailersOnly: false);
    }

    [Fact]
    public async Task Trailers_NamedLikeTheProtocolsOwn_AreNotSent()
    {
        await using var server = await TestServer.StartAsync(Seeing(context =>
            context.ResponseTrailers.Add("grpc-status", "13")));

        var answer = await server.CallAsync(TestServer.Say, new SayRequest());

        Assert.Equal(StatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Context_OfACall_NamesMethodHostPeerAndHttpContext()
    {
        var facts = "";
        HttpContext? http = null;
        await using var server = await TestServer.StartAsync(Seeing(context =>
        {
            http = context.GetHttpContext();
            facts = $"{context.Method} {context.Host} {context.Peer.Split(':')[0..2].Aggregate((a, b) => $"{a}:{b}")} "
                + $"{context.Deadline == DateTime.MaxValue} {context.AuthContext.IsPeerAuthenticated}";
        }));

        await server.CallAsync(TestServer.Say, new SayRequest());

        Assert.NotNull(http);
        Assert.Matches(@"^/grpctests.v1.EchoService/Say 127.0.0.1:\d+ ipv4:127.0.0.1 True False$", facts);
    }

    private static EchoScript Seeing(Action<ServerCallContext> see) => new()
    {
        Say = (request, context) =>
        {
            see(context);
            return Task.FromResult(new SayResponse { Text = request.Text });
        },
    };

    private static EchoScript Unreachable() => Seeing(_ => throw new InvalidOperationException("was called"));
}
