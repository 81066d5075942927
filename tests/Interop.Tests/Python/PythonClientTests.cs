using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatGrpc.TestKit.Providers;

namespace Interop.Tests.Python;

public sealed class PythonClientTests
{
    [Fact]
    public async Task StreamChat_MessageAlone_StreamsInTheContractsOrder()
    {
        await using var deployment = await PythonDeployment.StartAsync();

        await using var call = await deployment.CallAsync("StreamChat", new { message = "/demo tokens=100 rate=max" });

        Assert.Equal("OK", call.Code);
        string[] expected =
        [
            "session_info 0",
            .. Enumerable.Range(1, 100).Select(i => $"token {i}"),
            "done 101",
            "response_saved 102",
            "stream_end 103",
        ];
        Assert.Equal(expected, call.Messages.Select(message => $"{Kind(message)} {Sequence(message)}"));
        var end = call.Messages[^1].GetProperty("stream_end");
        Assert.Equal("STREAM_STATE_COMPLETED", Text(end, "state"));
        Assert.Equal("103", Text(end, "last_sequence"));
        Assert.Equal(Sha256(Answer(call)), Text(end, "answer_sha256"));
    }

    [Fact]
    public async Task StreamChat_ProviderInLockStep_EachTokenIsPrintedBeforeTheNextExists()
    {
        await using var models = await ProviderStandIn.StartOpenAIAsync();
        await using var deployment = await PythonDeployment.StartAsync(new Dictionary<string, string>
        {
            ["OPENAI_BASE_URL"] = models.BaseUrl.ToString(),
            ["OPENAI_API_KEY"] = "sk-test-0123456789",
        });
        await using var call = deployment.Start("StreamChat", new { message = "Count", model = "openai" });
        var exchange = await models.NextRequestAsync();
        Assert.Equal("session_info", Kind(await call.NextAsync()));
        await exchange.StartStreamAsync();

        for (var i = 1; i <= 100; i++)
        {
            await exchange.WriteTextAsync($"{i} ");
            var message = await call.NextAsync();
            Assert.Equal($"{i} ", message?.GetProperty("token").GetProperty("text").GetString());
        }

        await exchange.FinishAsync();
        await call.ToEndAsync();
        Assert.Equal("OK", call.Code);
    }

    [Fact]
    public async Task Chat_SameMessage_ReturnsWhatTheStreamCarries()
    {
        await using var deployment = await PythonDeployment.StartAsync();
        var request = new { message = "/demo tokens=30 rate=max" };

        await using var streamed = await deployment.CallAsync("StreamChat", request);
        await using var whole = await deployment.CallAsync("Chat", request);

        Assert.Equal("OK", whole.Code);
        var response = Assert.Single(whole.Messages);
        Assert.Equal(Answer(streamed), Text(response, "text"));
        Assert.Equal(Sha256(Answer(streamed)), Text(response.GetProperty("stream_end"), "answer_sha256"));
    }

    [Fact]
    public async Task CancelStream_InMidAnswer_NothingComesBeyondItsLastSequence()
    {
        await using var deployment = await PythonDeployment.StartAsync();
        await using var call = deployment.Start("StreamChat", new { message = "/demo tokens=100000 rate=50" });
        var session = (await call.NextAsync())!.Value.GetProperty("session_info");
        Assert.Equal("token", Kind(await call.NextAsync()));

        await using var cancel =
            await deployment.CallAsync("CancelStream", new { stream_id = Text(session, "stream_id") });
        await call.ToEndAsync();

        var cancelled = Assert.Single(cancel.Messages);
        Assert.Equal("STREAM_STATE_CANCELLED", Text(cancelled, "state"));
        Assert.Equal("OK", call.Code);
        Assert.Equal(["done", "response_saved", "stream_end"], call.Messages.TakeLast(3).Select(m => Kind(m)));
        Assert.Equal(Text(cancelled, "last_sequence"), $"{Sequence(call.Messages[^1])}");
        Assert.Equal("FINISH_REASON_CANCELLED", Text(call.Messages[^3].GetProperty("done"), "finish_reason"));
    }

    [Fact]
    public async Task StreamChat_FieldsAtFault_AreNamedInBadRequest()
    {
        await using var deployment = await PythonDeployment.StartAsync();

        await using var call = await deployment.CallAsync("StreamChat", new { temperature = -1 });

        Assert.Equal("INVALID_ARGUMENT", call.Code);
        Assert.Empty(call.Messages);
        var rich = call.Status.GetProperty("rich");
        Assert.Equal(Text(call.Status, "message"), Text(rich, "message"));
        var badRequest = Assert.Single(
            rich.GetProperty("details").EnumerateArray(),
            detail => Text(detail, "@type") == "type.googleapis.com/google.rpc.BadRequest");
        Assert.Equal(
            ["message", "temperature"],
            badRequest.GetProperty("field_violations").EnumerateArray().Select(violation => Text(violation, "field")));
    }

    [Fact]
    public async Task StreamChat_DeadlinePasses_EndsTheReadingAndNotTheTurn()
    {
        await using var deployment = await PythonDeployment.StartAsync();

        // Long enough for session_info on a busy machine: it names the turn that goes on.
        await using var call =
            await deployment.CallAsync("StreamChat", new { message = "/demo tokens=100000 rate=50" }, deadline: "3");

        Assert.Equal("DEADLINE_EXCEEDED", call.Code);
        Assert.DoesNotContain(call.Messages, message => Kind(message) == "stream_end");
        var streamId = Text(call.Messages[0].GetProperty("session_info"), "stream_id");
        await using var cancel = await deployment.CallAsync("CancelStream", new { stream_id = streamId });
        Assert.Equal("STREAM_STATE_CANCELLED", Text(Assert.Single(cancel.Messages), "state"));
    }

    /// <summary>Which event a message carries: its only field beside the sequence.</summary>
    private static string? Kind(JsonElement? message) =>
        message?.EnumerateObject().Single(field => field.Name != "sequence").Name;

    // Protobuf's JSON leaves zero out and writes 64-bit numbers as text.
    private static string Sequence(JsonElement message) =>
        message.TryGetProperty("sequence", out var sequence) ? sequence.GetString()! : "0";

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string Answer(PythonCall call) =>
        string.Concat(call.Messages.Where(m => Kind(m) == "token").Select(m => Text(m.GetProperty("token"), "text")));

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
