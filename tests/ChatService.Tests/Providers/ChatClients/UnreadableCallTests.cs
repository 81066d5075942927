using System.Runtime.CompilerServices;
using System.Text.Json;
using ChatGrpc.Providers;
using ChatGrpc.Providers.ChatClients;
using ChatGrpc.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Providers.ChatClients;

public sealed class UnreadableCallTests
{
    [Fact]
    public async Task StreamAsync_ArgumentsThatTheClientCouldNotRead_NoToolTakesThem()
    {
        using var client = new CallingClient(FunctionCallContent.CreateFromParsedArguments(
            "{\"zone\":", "call_1", "time", json => JsonSerializer.Deserialize<Dictionary<string, object?>>(json)));
        var provider = new ChatClientProvider("own", client, NullLogger<ChatClientProvider>.Instance);

        var said = await Transcript.ReadAsync(
            provider.StreamAsync(Requests.Saying("Time?"), TestContext.Current.CancellationToken));

        var call = Assert.Single(said, one => one.Kind == ModelEventKind.ToolCall);
        Assert.NotNull(ToolArguments.Read(call.Text, schema: null).Failure);
    }

    /// <summary>A client whose answer is one call.</summary>
    private sealed class CallingClient(FunctionCallContent call) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options,
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return new ChatResponseUpdate(ChatRole.Assistant, [call])
            {
                FinishReason = ChatFinishReason.ToolCalls,
            };
        }

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose()
        {
        }
    }
}
