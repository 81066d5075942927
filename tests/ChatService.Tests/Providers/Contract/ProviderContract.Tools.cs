using System.Text;
using System.Text.Json;
using ChatGrpc.Providers;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>Tools that a model calls, and forms that its answer has to have.</summary>
public abstract partial class ProviderContract
{
    private static readonly ScriptedCall[] Calls =
    [
        new("call_a", "get_time", "{\"zo", "ne\": \"Asia/\u5317\u4eac \\ud83d\\ude00\"", "}"),
        new("call_b", "get_time", "{}"),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_Calls_EachWholeAndWhyItFinished(bool isStreaming)
    {
        var request = Requests.WithTools() with { Streaming = isStreaming };

        var said = await _scene.ReadAsync(request, exchange => exchange.CallAsync(Calls));

        AssertCalls(said);
        Assert.Equal(ModelEventKind.Finished, said[^1].Kind);
        Assert.Equal(Chat.V1.FinishReason.ToolCalls, said[^1].FinishReason);
    }

    [Fact]
    public async Task StreamAsync_TextAndThenACall_BothInOrder()
    {
        var said = await _scene.ReadAsync(Requests.WithTools(), async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("I look.");
            await exchange.WriteCallAsync(Calls[0]);
            await exchange.FinishAsync();
        });

        Assert.Equal("answer I look.", Transcript.Line(said[0]));
        Assert.Equal(ModelEventKind.ToolCall, said[1].Kind);
    }

    [Fact]
    public async Task ReadAsync_CallsSplitInTwoAtEveryByte_TheSameCalls()
    {
        var bytes = Encoding.UTF8.GetBytes(Script());
        for (var at = 0; at <= bytes.Length; at++)
        {
            AssertCalls(await Transcript.ReadAsync(
                Wire.Read(new SegmentedStream([bytes.AsMemory(0, at), bytes.AsMemory(at)]))));
        }

        string Script()
        {
            var script = Wire.Script();
            return script.Start() + string.Concat(Calls.Select(script.Call)) + script.Finish();
        }
    }

    [Fact]
    public async Task StreamAsync_ResultsInTheConversation_ToldWithTheirCalls()
    {
        ProviderExchange? seen = null;
        _ = await _scene.ReadAsync(Requests.WithTools(), exchange =>
        {
            seen = exchange;
            return exchange.AnswerAsync("Noon.");
        });

        var body = Encoding.UTF8.GetString(seen!.RawBody);
        Assert.Contains("get_time", seen.Body.GetProperty("tools")[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("\"12:00\"", body, StringComparison.Ordinal);
        Assert.Contains("no numbers", body, StringComparison.Ordinal);
        Assert.Equal(Wire.HasCallIds, body.Contains("call_1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StreamAsync_Schema_InItsPlaceWhereTheWireHasOne()
    {
        const string Schema = """{"type":"object","properties":{"city":{"type":"string"}}}""";
        ProviderExchange? seen = null;
        var request = Requests.Saying("Where?") with { Schema = new ModelSchema("place", Schema) };
        _ = await _scene.ReadAsync(request, exchange =>
        {
            seen = exchange;
            return exchange.AnswerAsync("{}");
        });

        Assert.Equal(_scene.Provider.HasSchemas ? Schema : null, Wire.SchemaIn(seen!.Body)?.GetRawText());
    }

    // A call's arguments may be written anew, but say the same; wires without ids leave them empty.
    private void AssertCalls(List<ModelEvent> said)
    {
        var calls = said.Where(one => one.Kind == ModelEventKind.ToolCall)
            .GroupBy(one => one.ToolCallDetail)
            .Select(call => (call.Key, Arguments: string.Concat(call.Select(one => one.Text)))).ToList();

        Assert.Equal(Calls.Select(call => call.Name), calls.Select(call => call.Key.Name));
        Assert.Equal(Calls.Select(call => Wire.HasCallIds ? call.Id : ""), calls.Select(call => call.Key.Id));
        Assert.Equal(calls.Count, calls.Select(call => call.Key.Index).Distinct().Count());
        Assert.All(calls.Zip(Calls), pair => Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(pair.Second.Arguments), JsonElement.Parse(pair.First.Arguments)),
            pair.First.Arguments));
    }
}
