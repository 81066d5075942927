using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// The plain course of a turn: the conversation goes to the model, and what it says comes back as events.
/// </summary>
internal sealed class AgentScript(IChatStore store)
{
    /// <summary>The last event is done or error; a sequence that ends without one of them was cut.</summary>
    public async IAsyncEnumerable<StreamChatResponse> RunAsync(
        Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limit = turn.Request.HasContextLimit ? turn.Request.ContextLimit : Prompt.DefaultContextLimit;

        // The user's message and those before it; at least one, to know how the turn before this one ended.
        var branch = await store.ReadBranchAsync(
            turn.Record.TenantId, turn.Record.SessionId, turn.Record.UserMessageId, Math.Max(limit, 1) + 1,
            cancellationToken);
        if (branch is [.., { Role: MessageRole.Assistant, Status: StreamState.Interrupted }, _])
        {
            yield return ClosingEvents.Warn(
                "PREVIOUS_TURN_INTERRUPTED",
                "The answer before this message was interrupted; the conversation holds what had been saved of it.");
        }

        var begun = await ReadBegunAsync(turn.Record, cancellationToken);
        if (begun.Length > 0)
        {
            yield return Text(begun, TokenChannel.Answer);
        }

        var request = Prompt.Build(turn, branch.TakeLast(limit + 1), begun);
        await foreach (var said in turn.Model.Chain.StreamAsync(request, cancellationToken))
        {
            switch (said.Kind)
            {
                case ModelEventKind.Answer:
                    yield return Text(said.Text, TokenChannel.Answer);
                    break;
                case ModelEventKind.Reasoning:
                    yield return Text(said.Text, TokenChannel.Reasoning);
                    break;
                case ModelEventKind.Began:
                    turn.Attempts.Add(said.AttemptDetail);
                    break;
                case ModelEventKind.Warned:
                    yield return new StreamChatResponse { Warning = said.WarningDetail };
                    break;
                case ModelEventKind.Finished:
                    yield return ClosingEvents.Done(said.FinishReason, said.Text);
                    yield break;
                case ModelEventKind.Failed:
                    yield return ClosingEvents.Error(said.FailureDetail);
                    yield break;
            }
        }
    }

    // What was saved of the answer that this turn carries on; empty: it begins one.
    private async Task<string> ReadBegunAsync(StreamRecord stream, CancellationToken cancellationToken)
    {
        if (stream.ContinuesStreamId.Length == 0
            || await store.FindStreamAsync(stream.TenantId, stream.ContinuesStreamId, cancellationToken)
                is not { } begun)
        {
            return "";
        }

        var messages = await store.ReadBranchAsync(
            stream.TenantId, stream.SessionId, begun.MessageId, limit: 1, cancellationToken);
        return string.Concat(messages.SelectMany(message => message.Parts).Select(part => part.Text));
    }

    private static StreamChatResponse Text(string text, TokenChannel channel) =>
        new() { Token = new Token { Text = text, Channel = channel } };
}
