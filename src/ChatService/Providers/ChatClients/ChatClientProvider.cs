using System.Runtime.CompilerServices;
using System.Text.Json;
using Chat.V1;
using ChatGrpc.Model;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Providers.ChatClients;

/// <summary>
/// Any IChatClient as a provider: the seam for vendors' packages and clients of one's own. A client's end marker is the
/// finish reason that it reports; an answer that ends without one was cut. Its exceptions are not shown, since nobody
/// knows what is in them.
/// </summary>
internal sealed class ChatClientProvider(string name, IChatClient client, ILogger<ChatClientProvider> logger)
    : IModelProvider
{
    public string Name => name;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = new ProviderFailures(name, request.Model);
        var calls = new List<ModelToolCall>();
        ChatFinishReason? finish = null;
        var usage = new UsageDetails();
        await using var updates = AskAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            Failure? failure = null;
            var isUpdate = false;
            try
            {
                isUpdate = await updates.MoveNextAsync();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A time limit of its own ends as a cancellation too.
                ModelsLog.ChatClientFailed(logger, name, exception.GetType().Name);
                ModelsLog.ChatClientException(logger, name, exception);
                failure = failures.Broken($"{name} failed ({exception.GetType().Name}).");
            }

            if (failure is not null)
            {
                yield return ModelEvent.Failed(failure);
                yield break;
            }

            if (!isUpdate)
            {
                if (usage.InputTokenCount is not null || usage.OutputTokenCount is not null)
                {
                    yield return ModelEvent.Used(Measured(usage));
                }

                yield return finish is { } reason
                    ? ModelEvent.Finished(Mapped(reason), reason.Value)
                    : ModelEvent.Failed(failures.Cut($"The answer of {name} ended without a finish reason."));
                yield break;
            }

            finish = updates.Current.FinishReason ?? finish;
            foreach (var content in updates.Current.Contents)
            {
                if (content is UsageContent part)
                {
                    // Told in pieces, as a sum.
                    usage.Add(part.Details);
                }
                else if (Read(content, calls, failures) is { } said)
                {
                    yield return said;
                    if (said.Kind == ModelEventKind.Failed)
                    {
                        yield break;
                    }
                }
            }
        }
    }

    // Asked only when the first update is: what the client throws at once is a failure like what it throws later.
    private async IAsyncEnumerable<ChatResponseUpdate> AskAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (messages, options) = (ChatClientRequest.Messages(request), ChatClientRequest.Options(request));
        if (!request.Streaming)
        {
            foreach (var update in (await client.GetResponseAsync(messages, options, cancellationToken))
                .ToChatResponseUpdates())
            {
                yield return update;
            }

            yield break;
        }

        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    private static ModelEvent? Read(AIContent content, List<ModelToolCall> calls, ProviderFailures failures)
    {
        switch (content)
        {
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                return ModelEvent.Reasoning(reasoning.Text);
            case TextContent { Text.Length: > 0 } text:
                return ModelEvent.Answer(text.Text);
            case FunctionCallContent call:
                calls.Add(new ModelToolCall(calls.Count, call.CallId, call.Name));
                return ModelEvent.ToolCall(calls[^1], Arguments(call));
            case ErrorContent:
                return ModelEvent.Failed(failures.Broken($"{failures.Provider} reports an error in the answer."));
            default:
                return null;
        }
    }

    // What the client could not read is no object, so that no tool is run with less than the model wrote.
    private static string Arguments(FunctionCallContent call) =>
        call.Exception is not null ? "null"
        : call.Arguments is null ? "{}"
        : JsonSerializer.Serialize(call.Arguments);

    private static Usage Measured(UsageDetails details) => new()
    {
        PromptTokens = details.InputTokenCount ?? 0,
        CompletionTokens = details.OutputTokenCount ?? 0,
        CachedTokens = details.CachedInputTokenCount ?? 0,
        ReasoningTokens = details.ReasoningTokenCount ?? 0,
        Source = UsageSource.Measured,
    };

    private static FinishReason Mapped(ChatFinishReason reason) =>
        reason == ChatFinishReason.Stop ? FinishReason.Stop
        : reason == ChatFinishReason.Length ? FinishReason.Length
        : reason == ChatFinishReason.ToolCalls ? FinishReason.ToolCalls
        : reason == ChatFinishReason.ContentFilter ? FinishReason.ContentFilter
        : FinishReason.Unspecified;
}
