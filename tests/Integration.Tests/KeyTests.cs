using System.Net;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using Google.Protobuf;
using Grpc.Health.V1;

namespace Integration.Tests;

public sealed class KeyTests
{
    private const string StreamChat = "/chat.v1.ChatService/StreamChat";
    private const string Unauthenticated = "16";
    private const string Unimplemented = "12";

    private readonly TestKey _good = new("good");
    private readonly TestKey _revoked = new("revoked");

    [Fact]
    public async Task Call_WithoutTheOneGoodKey_IsUnauthenticatedAndNoProviderIsAsked()
    {
        var unknown = new TestKey("unknown");
        (string Reason, (string Name, string Value)[] Headers)[] rows =
        [
            ("CREDENTIALS_MISSING", []),
            ("CREDENTIALS_MALFORMED", [("authorization", _good.Text)]),
            ("CREDENTIALS_MALFORMED", [("authorization", "Basic eDp5")]),
            ("CREDENTIALS_MALFORMED", [("x-api-key", "secret")]),
            ("CREDENTIALS_REFUSED", [("authorization", unknown.Bearer)]),
            ("CREDENTIALS_REFUSED", [("authorization", _revoked.Bearer)]),
            ("CREDENTIALS_REFUSED", [("x-api-key", _revoked.Text)]),
            ("CREDENTIALS_AMBIGUOUS", [("authorization", _good.Bearer), ("authorization", _good.Bearer)]),
            ("CREDENTIALS_AMBIGUOUS", [("x-api-key", _good.Text), ("x-api-key", unknown.Text)]),
            ("CREDENTIALS_AMBIGUOUS", [("authorization", _good.Bearer), ("x-api-key", unknown.Text)]),
        ];
        await using var deployment = await StartAsync();
        var refusals = new Dictionary<string, string>();
        foreach (var (reason, headers) in rows)
        {
            var refused = await RawCall.SendAsync(deployment.Process.Address, StreamChat, Question("no"), headers);

            Assert.Equal(Unauthenticated, refused.Status);
            Assert.Equal(reason, refused.Reason);
            Assert.Empty(refused.Body);
            Assert.Equal(refused.Details, refusals.GetValueOrDefault(reason, refused.Details));
            refusals[reason] = refused.Details;
        }

        // The first question that reaches the provider is the first one with the good key.
        var answered = RawCall.SendAsync(
            deployment.Process.Address, StreamChat, Question("yes"), ("authorization", _good.Bearer));
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Hello.");
        Assert.Contains("yes", $"{exchange.Body}", StringComparison.Ordinal);
        Assert.Equal("0", (await answered).Status);
    }

    [Fact]
    public async Task EveryMethodOfChat_WithoutAKey_IsUnauthenticated()
    {
        await using var deployment = await StartAsync();

        foreach (var method in Contract.Methods)
        {
            var refused = await RawCall.SendAsync(
                deployment.Process.Address, Contract.PathOf(method), method.InputType.Parser.ParseFrom([]));

            // What is in the contract and not served answers that to everybody.
            Assert.True(refused.Status is Unauthenticated or Unimplemented, $"{method.FullName}: {refused.Status}");
        }
    }

    [Fact]
    public async Task Refusal_DoesNotWaitForTheBody()
    {
        await using var deployment = await StartAsync();
        using var body = new EndlessBody();

        var refused = await RawCall.SendAsync(deployment.Process.Address, StreamChat, body);

        Assert.Equal(Unauthenticated, refused.Status);
    }

    [Fact]
    public async Task Reflection_NeedsAKeyAndHealthDoesNot()
    {
        await using var deployment = await StartAsync();
        var server = deployment.Process.Address;

        foreach (var version in (string[])["v1", "v1alpha"])
        {
            var path = $"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo";
            Assert.Equal(Unauthenticated, (await RawCall.SendAsync(server, path, new HealthCheckRequest())).Status);
        }

        Assert.Equal("0", (await RawCall.SendAsync(
            server, "/grpc.health.v1.Health/Check", new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task PlainHttp_OnACall_IsChallengedAndThePageIsNot()
    {
        await using var deployment = await StartAsync();
        using var http = new HttpClient { BaseAddress = deployment.Process.Address };

        using var call = await http.PostAsync(StreamChat, new StringContent("{}")).InTime();
        using var page = await http.GetAsync("/").InTime();

        Assert.Equal(HttpStatusCode.Unauthorized, call.StatusCode);
        Assert.Equal("Bearer", Assert.Single(call.Headers.WwwAuthenticate).Scheme);
        Assert.NotEqual(HttpStatusCode.Unauthorized, page.StatusCode);
    }

    [Fact]
    public async Task Keys_GoodOrNot_AreInNoLog()
    {
        var unknown = new TestKey("unknown");
        await using var deployment = await Deployment.StartAsync(
            _good.Setting, _revoked.Setting, _revoked.Revocation,
            "Logging:LogLevel:Default=Trace", "Logging:LogLevel:Microsoft.AspNetCore=Trace");
        TestKey[] keys = [_good, _revoked, unknown];
        foreach (var key in keys)
        {
            await RawCall.SendAsync(
                deployment.Process.Address, StreamChat, Question("/demo tokens=1"), ("authorization", key.Bearer));
            await RawCall.SendAsync(
                deployment.Process.Address, StreamChat, Question("/demo tokens=1"), ("x-api-key", key.Text));
        }

        Assert.Equal(0, await deployment.Process.StopAsync());

        var log = deployment.Process.Output;
        Assert.Contains("trce: ", log, StringComparison.Ordinal);
        Assert.All(keys, key => Assert.DoesNotContain(key.Text[5..], log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeysNew_Printed_IsAKeyThatTheServiceTakes()
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(["keys", "new", "made", "--tenant", "acme"]);
        Assert.Equal(0, exitCode);
        var words = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var key = words.Single(word => word.StartsWith("chat_", StringComparison.Ordinal));
        var settings = words.Where(word => word.StartsWith("--Chat", StringComparison.Ordinal));

        await using var deployment = await Deployment.StartAsync([.. settings.Select(setting => setting[2..])]);
        var answered = await RawCall.SendAsync(
            deployment.Process.Address, StreamChat, Question("/demo tokens=1"), ("x-api-key", key));

        Assert.Equal("0", answered.Status);
    }

    private static StreamChatRequest Question(string message) => new() { Message = message };

    private Task<Deployment> StartAsync() =>
        Deployment.StartWithStandInAsync(_good.Setting, _revoked.Setting, _revoked.Revocation);

    /// <summary>Begins and does not go on.</summary>
    private sealed class EndlessBody : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 0, 9 });
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _end.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
