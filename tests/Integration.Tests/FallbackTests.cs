using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>Chains of models through the whole service, over real HTTP, with what their providers were asked.</summary>
public sealed class FallbackTests
{
    [Fact]
    public async Task StreamChat_FirstModelInTrouble_AskedForTheWholeThenTheSecondAnswers()
    {
        await using var chain = await FallbackScene.StartAsync();
        using var reading = chain.Send();
        var asked = await chain.First.NextRequestAsync();
        Assert.True(asked.WantsStream);
        await asked.RespondAsync(503, "{}");
        asked = await chain.First.NextRequestAsync();
        Assert.False(asked.WantsStream);
        await asked.RespondAsync(503, "{}");
        asked = await chain.Second.NextRequestAsync();
        Assert.Equal("second-1", asked.Body.GetProperty("model").GetString());
        await asked.AnswerAsync("Hello ", "there");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Warning Warning Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(("Hello there", StreamState.Completed), (reading.Answer, reading.End.State));
        Assert.Equal(
            ["FALLBACK_NON_STREAMING first first PROVIDER_ERROR", "FALLBACK_MODEL first second PROVIDER_ERROR"],
            Warnings(reading));
        Assert.Equal(
            ["first Failed PROVIDER_ERROR", "first Failed PROVIDER_ERROR", "second Completed "], Attempts(reading));
        Assert.Equal((2, 1), (chain.First.Requests, chain.Second.Requests));
    }

    [Fact]
    public async Task StreamChat_CutAfterText_WithdrawnAndTheSecondBeginsAnew()
    {
        await using var chain = await FallbackScene.StartAsync();
        using var reading = chain.Send();
        await CutAsync(await chain.First.NextRequestAsync(), "It is raini");
        await (await chain.Second.NextRequestAsync()).AnswerAsync("Rain.");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Retract Warning Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal("Rain.", reading.Answer);
        Assert.Equal(0, reading.Events.Single(e => e.Retract is not null).Retract.AfterSequence);
        Assert.Equal(["FALLBACK_MODEL first second PROVIDER_STREAM_CUT"], Warnings(reading));
        Assert.Equal((1, 1), (chain.First.Requests, chain.Second.Requests));
        var stored = await chain.Deployment.Sessions().ListMessagesAsync(
            new ListMessagesRequest { SessionId = reading.Session.SessionId });
        Assert.Equal("Rain.", stored.Messages[^1].Parts.Single().Text);
    }

    [Fact]
    public async Task StreamChat_CutAfterText_AModelThatCarriesOnDoes()
    {
        await using var chain = await FallbackScene.StartAsync(second: "ollama");
        using var reading = chain.Send();
        await CutAsync(await chain.First.NextRequestAsync(), "It is raini");
        var asked = await chain.Second.NextRequestAsync();
        var last = asked.Body.GetProperty("messages").EnumerateArray().Last();
        Assert.Equal("assistant", last.GetProperty("role").GetString());
        Assert.Contains("It is raini", $"{last}", StringComparison.Ordinal);
        await asked.AnswerAsync("ng.");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Warning Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal("It is raining.", reading.Answer);
        Assert.Equal(["FALLBACK_CONTINUED first second PROVIDER_STREAM_CUT"], Warnings(reading));
    }

    [Fact]
    public async Task StreamChat_AllModelsFail_AnApologyAndTheLastError()
    {
        await using var chain = await FallbackScene.StartAsync(settings: "Chat:Resilience:Apology=Come back later.");
        using var reading = chain.Send();
        await (await chain.First.NextRequestAsync()).RespondAsync(401, "{}");
        await (await chain.Second.NextRequestAsync()).RespondAsync(404, "{}");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Warning Warning Token Error ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(("Come back later.", StreamState.Failed), (reading.Answer, reading.End.State));
        Assert.Equal(
            ["FALLBACK_MODEL first second PROVIDER_AUTHENTICATION", "FALLBACK_APOLOGY second second MODEL_UNAVAILABLE"],
            Warnings(reading));
        Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
        Assert.Equal((1, 1), (chain.First.Requests, chain.Second.Requests));
    }

    [Fact]
    public async Task StreamChat_ContentFiltered_NoOtherModelIsAsked()
    {
        await using var chain = await FallbackScene.StartAsync();
        using var reading = chain.Send();
        await (await chain.First.NextRequestAsync()).RespondAsync(
            400, """{"error":{"code":"content_filter","message":"No."}}""");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Error StreamEnd", reading.Shape);
        Assert.Equal("CONTENT_FILTERED", reading.Events[1].Error.Reason);
        Assert.Equal((1, 0), (chain.First.Requests, chain.Second.Requests));
    }

    [Fact]
    public async Task StreamChat_FailsOnceBeforeText_IsAskedAgain()
    {
        await using var chain = await FallbackScene.StartAsync(
            settings: ["Chat:Resilience:Retries=1", "Chat:Resilience:BaseDelay=00:00:00.001"]);
        using var reading = chain.Send();
        await (await chain.First.NextRequestAsync()).RespondAsync(503, "{}");
        await (await chain.First.NextRequestAsync()).AnswerAsync("Hello");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(["first Failed PROVIDER_ERROR", "first Completed "], Attempts(reading));
        Assert.Equal((2, 0), (chain.First.Requests, chain.Second.Requests));
    }

    [Fact]
    public async Task CancelStream_BetweenTwoTries_EndsTheTurnAtOnce()
    {
        // A wait that nobody could sit out.
        await using var chain = await FallbackScene.StartAsync(
            settings:
            [
                "Chat:Resilience:Retries=1", "Chat:Resilience:BaseDelay=00:01:00",
                "Chat:Resilience:MaxDelay=00:05:00",
            ]);
        using var reading = chain.Send();
        var session = (await reading.NextAsync())!.SessionInfo;
        await (await chain.First.NextRequestAsync()).RespondAsync(503, "{}");

        var ended = await chain.Deployment.Client.CancelStreamAsync(
            new CancelStreamRequest { StreamId = session.StreamId },
            cancellationToken: TestContext.Current.CancellationToken).ResponseAsync.InTime();

        Assert.Equal(StreamState.Cancelled, ended.State);
        await reading.ToEndAsync();
        reading.CheckContract();
        Assert.Equal((1, 0), (chain.First.Requests, chain.Second.Requests));
    }

    [Fact]
    public async Task StreamChat_FirstModelFailsAllTheTime_IsNotAskedAnyMore()
    {
        await using var chain = await FallbackScene.StartAsync(
            settings: ["Chat:Resilience:CircuitCalls=2", "Chat:Resilience:CircuitBreak=01:00:00"]);
        for (var i = 0; i < 3; i++)
        {
            using var reading = chain.Send();
            for (var asked = 0; asked < 2 && i == 0; asked++)
            {
                await (await chain.First.NextRequestAsync()).RespondAsync(503, "{}");
            }

            await (await chain.Second.NextRequestAsync()).AnswerAsync("Hello");
            await reading.ToEndAsync();
            reading.CheckContract();
            Assert.Equal(
                i == 0 ? "PROVIDER_ERROR" : "PROVIDER_CIRCUIT_OPEN", Warnings(reading).Last().Split(' ')[^1]);
            Assert.Equal(i == 0 ? 3 : 1, reading.End.Attempts.Count);
        }

        Assert.Equal((2, 3), (chain.First.Requests, chain.Second.Requests));
    }

    [Fact]
    public async Task StreamChat_TheDemoChain_ShowsRetriesStepsAndARetract()
    {
        await using var deployment = await Deployment.StartAsync();

        var reading = await Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Message = "/demo tokens=9 rate=max", Model = "demo-fallback" });

        Assert.Equal(
            "SessionInfo Warning Warning Token Retract Warning Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(
            [
                "FALLBACK_NON_STREAMING demo-fallback demo-fallback PROVIDER_ERROR",
                "FALLBACK_MODEL demo-fallback demo-cut PROVIDER_ERROR",
                "FALLBACK_MODEL demo-cut demo PROVIDER_STREAM_CUT",
            ],
            Warnings(reading));
        var broken = Enumerable.Repeat("demo-fallback Failed PROVIDER_ERROR", 6);
        Assert.Equal(
            [.. broken, "demo-cut Failed PROVIDER_STREAM_CUT", "demo Completed "],
            Attempts(reading));
        Assert.Equal(9, reading.Answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task ListModels_AChain_IsTold()
    {
        await using var chain = await FallbackScene.StartAsync(settings: "Chat:Models:second:Streaming=false");
        chain.First.Offer(ModelLists.OpenAI("first-1"));
        chain.Second.Offer(ModelLists.OpenAI("second-1"));

        var models = (await chain.Deployment.Models().ListModelsAsync(new ListModelsRequest())).Models;

        Assert.Equal(
            ["first>second False", "second> True", "demo> False", "demo-fallback>demo-cut,demo False"],
            models.Select(model => $"{model.Alias}>{string.Join(',', model.Fallbacks)} {model.NonStreaming}"));
        Assert.Contains(
            "Where first fails, these are asked in its place: second.", chain.Deployment.Process.Output,
            StringComparison.Ordinal);
    }

    private static async Task CutAsync(ProviderExchange exchange, string text)
    {
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync(text);
        exchange.End();
    }

    private static IEnumerable<string> Warnings(Reading reading) =>
        from warning in reading.Events.Select(e => e.Warning)
        where warning is not null
        select $"{warning.Code} {warning.Metadata["from"]} {warning.Metadata["to"]} {warning.Metadata["reason"]}";

    private static IEnumerable<string> Attempts(Reading reading) =>
        reading.End.Attempts.Select(attempt => $"{attempt.Model} {attempt.Outcome} {attempt.Reason}");
}
