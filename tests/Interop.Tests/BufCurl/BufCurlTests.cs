using Google.Rpc;
using Interop.Tests.Server;

namespace Interop.Tests.BufCurl;

/// <summary>buf curl, which learns the contract from reflection alone.</summary>
public sealed class BufCurlTests : IAsyncLifetime
{
    private const string Service = "/interop.v1.InteropService/";

    // buf ends with eight times the code of the status.
    private const int ExitUnit = 8;

    private InteropServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await InteropServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("grpc", "grpc-v1")]
    [InlineData("grpc", "grpc-v1alpha")]
    [InlineData("grpcweb", "grpc-v1")]
    [InlineData("grpcweb", "grpc-v1alpha")]
    public async Task ListMethods_EitherReflection_NamesAll(string protocol, string reflection)
    {
        await using var buf = Start(protocol, "", "--reflect-protocol", reflection, "--list-methods");

        var (exitCode, output, errors) = await buf.ToEndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        string[] expected =
        [
            "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            "interop.v1.InteropService/Absent",
            "interop.v1.InteropService/Echo",
            "interop.v1.InteropService/Observe",
            "interop.v1.InteropService/Open",
            "interop.v1.InteropService/Script",
        ];
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Unary_TextAndMetadata_AreSeenAndReturned(string protocol)
    {
        await using var buf = Start(
            protocol, "Echo", "-H", "interop-text: plain", "-d", """{"text": "你好 👩‍👩‍👧 שלום"}""");

        var (exitCode, output, errors) = await buf.ToEndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        var response = Assert.Single(BufProcess.Values(output));
        Assert.Equal("你好 👩‍👩‍👧 שלום", (string?)response["text"]);
        Assert.Equal("""[{"name":"interop-text","values":["plain"]}]""", response["metadata"]?.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Stream_InLockStep_EachMessageIsPrintedBeforeTheNextExists(string protocol)
    {
        const int Messages = 10;
        await using var buf = Start(
            protocol, "Script", "-d", $$"""{"callId": "{{protocol}}", "messages": {{Messages}}, "lockStep": true}""");

        for (var i = 0; i < Messages; i++)
        {
            string? line;
            do
            {
                line = await buf.NextLineAsync();
                Assert.NotNull(line);
            }
            while (!line.Contains("connection", StringComparison.Ordinal));

            _server.Calls.Named(protocol).Open();
        }

        Assert.Equal(0, (await buf.ToEndAsync()).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Stream_ClientIsKilled_ServerSeesTheCancel(string protocol)
    {
        var buf = Start(
            protocol, "Script", "-d", $$"""{"callId": "{{protocol}}", "messages": 1, "hold": true}""");
        Assert.Equal("{", await buf.NextLineAsync());

        await buf.DisposeAsync();

        var seen = await _server.Calls.Named(protocol).EndedAsync();
        Assert.Equal((true, false), (seen.Cancelled, seen.HasDeadline));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Stream_FailureAfterMessages_HasThemAndTheDetails(string protocol)
    {
        await using var buf = Start(
            protocol,
            "Script",
            "-d",
            """{"callId": "f", "messages": 3, "failure": {"code": 3, "message": "100 % 错", "details": true}}""");

        var (exitCode, output, errors) = await buf.ToEndAsync();

        Assert.Equal(3 * ExitUnit, exitCode);
        Assert.Equal(3, BufProcess.Values(output).Count);
        var failure = Assert.Single(BufProcess.Values(errors));
        Assert.Equal(("invalid_argument", "100 % 错"), ((string?)failure["code"], (string?)failure["message"]));
        var details = failure["details"]!.AsArray();
        Assert.Equal(
            ["google.rpc.ErrorInfo", "google.rpc.BadRequest"], details.Select(detail => (string?)detail!["type"]));
        Assert.Equal("ASKED_FOR", ErrorInfo.Parser.ParseFrom(Unpadded((string)details[0]!["value"]!)).Reason);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Unary_MethodThatTheServerLacks_IsUnimplemented(string protocol)
    {
        await using var buf = Start(protocol, "Absent", "-d", "{}");

        var (exitCode, _, errors) = await buf.ToEndAsync();

        Assert.Equal(12 * ExitUnit, exitCode);
        Assert.Equal("unimplemented", (string?)Assert.Single(BufProcess.Values(errors))["code"]);
    }

    public static TheoryData<string> Protocols => ["grpc", "grpcweb"];

    private BufProcess Start(string protocol, string method, params string[] arguments)
    {
        var url = method == "" ? _server.Address.ToString() : new Uri(_server.Address, Service + method).ToString();
        return BufProcess.Curl(["--protocol", protocol, "--http2-prior-knowledge", .. arguments, url]);
    }

    private static byte[] Unpadded(string base64) =>
        Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
}
