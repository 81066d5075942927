using System.Net;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace Integration.Tests;

public sealed class StreamingTests
{
    [Fact]
    public async Task StreamChat_MessageAlone_StreamsInTheContractsOrder()
    {
        await using var deployment = await Deployment.StartAsync();

        var reading = await Reading.AllAsync(deployment.Client, new StreamChatRequest { Message = "Hello" });

        Assert.Equal("SessionInfo Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Null(reading.Failure);
        Assert.Equal(StreamState.Completed, reading.End.State);
        Assert.Equal("demo", reading.Session.Model);
        Assert.NotEmpty(reading.Answer);
        Assert.Equal(
            reading.Session.MessageId, reading.Events.Single(e => e.ResponseSaved is not null).ResponseSaved.MessageId);
    }

    [Fact]
    public async Task StreamChat_ProviderInLockStep_EachTokenIsThereBeforeTheNextExists()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Count" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        Assert.NotNull((await reading.NextAsync())?.SessionInfo);
        await exchange.StartStreamAsync();

        for (var i = 1; i <= 100; i++)
        {
            await exchange.WriteTextAsync($"{i} ");
            var next = await reading.NextAsync();
            Assert.Equal($"{i} ", next?.Token?.Text);
            Assert.Equal(i, next!.Sequence);
        }

        await exchange.FinishAsync();
        await reading.ToEndAsync();
        reading.CheckContract();
        Assert.Equal(StreamState.Completed, reading.End.State);
        Assert.Equal("openai", reading.Session.Model);
        Assert.Equal((9, 12), (reading.End.Usage.PromptTokens, reading.End.Usage.CompletionTokens));
        Assert.Equal(UsageSource.Measured, reading.End.Usage.Source);
    }

    [Fact]
    public async Task StreamChat_EmojiSplitAcrossDeltas_ArrivesInWholeScalars()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Smile" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteEventAsync(OpenAIWire.Delta("""{"content":"a\ud83d"}"""));
        await exchange.WriteEventAsync(OpenAIWire.Delta("""{"content":"\ude00b"}"""));
        await exchange.WriteEventAsync(OpenAIWire.Delta("""{"content":"\ud83d"}"""));
        await exchange.FinishAsync();
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal(["a", "\U0001F600b", "\uFFFD"], reading.Tokens);
    }

    [Theory]
    [InlineData("\u202Eright-to-left\u202C and \u2067isolated\u2069")]
    [InlineData("\U0001F469\u200D\U0001F469\u200D\U0001F467 zero-width joiners")]
    [InlineData("\U00020000\U0001F600 four bytes, 你好, مرحبا, नमस्ते")]
    public async Task StreamChat_AnyText_ReachesTheModelByteForByte(string text)
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = text });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.AnswerAsync(text);
        await reading.ToEndAsync();

        Assert.Equal(text, exchange.Body.GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal(text, reading.Answer);
    }

    [Fact]
    public async Task Chat_SameMessage_ReturnsWhatTheStreamCarries()
    {
        await using var deployment = await Deployment.StartAsync();
        const string Message = "/demo tokens=30 rate=max reasoning=5";

        var streamed = await Reading.AllAsync(deployment.Client, new StreamChatRequest { Message = Message });
        var whole = await deployment.Client.ChatAsync(new ChatRequest { Message = Message }).ResponseAsync.InTime();

        Assert.Equal(streamed.Answer, whole.Text);
        Assert.NotEmpty(whole.Reasoning);
        Assert.Equal(streamed.End.AnswerSha256, whole.StreamEnd.AnswerSha256);
        Assert.Equal(streamed.End.LastSequence, whole.StreamEnd.LastSequence);
        Assert.Equal(streamed.End.Usage, whole.StreamEnd.Usage);
        Assert.Equal(FinishReason.Stop, whole.Done.FinishReason);
        Assert.Equal(whole.SessionInfo.MessageId, whole.ResponseSaved.MessageId);
    }

    [Fact]
    public async Task StreamChat_ModelFasterThanStoreAndReaders_NothingIsLostOrDoubled()
    {
        await using var deployment = await Deployment.StartAsync();
        const int Streams = 4;
        const int Tokens = 50_000;

        var readings = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Message = $"/demo tokens={Tokens} rate=max" })));

        Assert.All(readings, reading =>
        {
            Assert.Equal(StreamState.Completed, reading.End.State);
            Assert.Equal(Tokens, reading.Tokens.Count());
        });
    }

    [Fact]
    public async Task StreamChat_ModelIsSilent_HeartbeatsComeBetween()
    {
        await using var deployment = await Deployment.StartWithStandInAsync("Chat:Turns:Heartbeat=00:00:00.050");
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Think" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        _ = await reading.NextAsync();

        Assert.NotNull((await reading.NextAsync())?.Heartbeat);
        Assert.NotNull((await reading.NextAsync())?.Heartbeat);

        await exchange.AnswerAsync("done");
        await reading.ToEndAsync();
        reading.CheckContract();
    }

    [Fact]
    public async Task OnePort_Http11Request_IsAnsweredBesideGrpc()
    {
        await using var deployment = await Deployment.StartAsync();
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version11 };

        var response = await http.GetAsync(new Uri(deployment.Process.Address, "not-there")).InTime();

        Assert.Equal(HttpVersion.Version11, response.Version);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        _ = await Reading.AllAsync(deployment.Client, new StreamChatRequest { Message = "Hello" });
    }
}
