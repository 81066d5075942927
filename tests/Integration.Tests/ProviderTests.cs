using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>Each wire through the whole service: what a client sees of a provider.</summary>
public sealed class ProviderTests
{
    [Theory]
    [InlineData("openai", "gpt-4o-mini")]
    [InlineData("anthropic", "claude-haiku-4-5")]
    [InlineData("ollama", "llama3.2:latest")]
    public async Task StreamChat_ProviderInLockStep_EachTokenIsThereBeforeTheNextExists(string wire, string model)
    {
        await using var deployment = await Deployment.StartWithAsync(wire);
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Count" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        var session = (await reading.NextAsync())?.SessionInfo;
        Assert.Equal((wire, wire, model), (session?.Model, session?.Provider, session?.ResolvedModel));
        await exchange.StartStreamAsync();
        await exchange.WriteReasoningAsync("Hm");
        Assert.Equal(TokenChannel.Reasoning, (await reading.NextAsync())?.Token?.Channel);

        for (var i = 0; i < 20; i++)
        {
            await exchange.WriteTextAsync($"{i} ");
            Assert.Equal($"{i} ", (await reading.NextAsync())?.Token?.Text);
        }

        await exchange.FinishAsync();
        await reading.ToEndAsync();
        reading.CheckContract();
        Assert.Equal(StreamState.Completed, reading.End.State);
        Assert.Equal((9, 12), (reading.End.Usage.PromptTokens, reading.End.Usage.CompletionTokens));
        Assert.Equal(UsageSource.Measured, reading.End.Usage.Source);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task CancelStream_BeforeTheFirstToken_ReachesTheProvider(string wire)
    {
        await using var deployment = await Deployment.StartWithAsync(wire);
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Wait" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        var session = (await reading.NextAsync())!.SessionInfo;

        var ended = await deployment.Client.CancelStreamAsync(
            new CancelStreamRequest { StreamId = session.StreamId },
            cancellationToken: TestContext.Current.CancellationToken);

        await exchange.Aborted.InTime();
        Assert.Equal(StreamState.Cancelled, ended.State);
        await reading.ToEndAsync();
        Assert.Null(reading.Failure);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task StreamChat_ErrorAfterText_KeepsTheTextAndTellsTheError(string wire)
    {
        await using var deployment = await Deployment.StartWithAsync(wire);
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Break" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("So far");
        await exchange.WriteErrorAsync("It broke.");

        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Error ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(("So far", StreamState.Failed), (reading.Answer, reading.End.State));
        Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
        var info = reading.Failure!.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!;
        Assert.Equal(("PROVIDER_ERROR", wire), (info.Reason, info.Metadata["provider"]));
        Assert.Equal("It broke.", reading.Events.Single(e => e.Error is not null).Error.Message.Split(": ")[^1]);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task StreamChat_RateLimited_TellsWhenToComeBack(string wire)
    {
        await using var deployment = await Deployment.StartWithAsync(wire);
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "More" });
        // Longer than the service waits by itself.
        await (await deployment.StandIn.NextRequestAsync()).RespondAsync(429, "{}", headers: ("Retry-After", "17"));

        await reading.ToEndAsync();

        var details = reading.Failure!.GetRpcStatus()!;
        Assert.Equal(StatusCode.ResourceExhausted, reading.Failure?.StatusCode);
        Assert.Equal(17, details.GetDetail<Google.Rpc.RetryInfo>()!.RetryDelay.Seconds);
        Assert.DoesNotContain("sk-test", $"{details}", StringComparison.Ordinal);
        Assert.DoesNotContain("sk-test", deployment.Process.Output, StringComparison.Ordinal);
    }
}
