using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Tools;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// The plain course of a turn: the conversation goes to the model, and what it says comes back as events; while it
/// calls tools, their results go to it and it goes on.
/// </summary>
internal sealed class AgentScript(
    IChatStore store, ToolCatalogue tools, ToolStep toolStep, IOptions<ToolOptions> options, TimeProvider time)
{
    // A store that is away is asked about twice in the time in which a person asks why nothing happens.
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>The last event is done or error; a sequence that ends without one of them was cut.</summary>
    public async IAsyncEnumerable<ScriptEvent> RunAsync(
        Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limit = turn.Request.HasContextLimit ? turn.Request.ContextLimit : Prompt.DefaultContextLimit;

        var (branch, begun) = await ReadAsync(turn, limit, cancellationToken);
        if (turn.Earlier is null && branch is [.., { Role: MessageRole.Assistant, Status: StreamState.Interrupted }, _])
        {
            yield return ClosingEvents.Warn(
                "PREVIOUS_TURN_INTERRUPTED",
                "The answer before this message was interrupted; the conversation holds what had been saved of it.");
        }

        if (turn.Earlier is null && begun.Length > 0)
        {
            yield return new StreamChatResponse { Token = new Token { Text = begun, Channel = TokenChannel.Answer } };
        }

        turn.PromptBytes += branch.Sum(message => message.Parts.Sum(part => (long)part.CalculateSize()));
        var offer = await tools.OfferAsync(turn.Request.Tools, cancellationToken);
        foreach (var warning in turn.Earlier is null ? offer.Warnings : [])
        {
            yield return new StreamChatResponse { Warning = warning };
        }

        var course = new TurnCourse(
            turn, Prompt.Build(turn, branch.TakeLast(limit + 1), begun),
            new ToolBelt(offer.Tools, turn.Request.Tools?.ClientTools ?? []), turn.Earlier?.Steps ?? []);
        if (course.Last is { State: StreamState.Waiting })
        {
            await foreach (var next in toolStep.ResumeAsync(course, cancellationToken))
            {
                yield return next;
            }
        }

        await foreach (var next in GoOnAsync(course, cancellationToken))
        {
            yield return next;
        }
    }

    // Step by step, until the model has nothing more to call and its answer is as it has to be.
    private async IAsyncEnumerable<ScriptEvent> GoOnAsync(
        TurnCourse course, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var form = AnswerForm.Of(course.Turn.Request.ResponseFormat);
        while (true)
        {
            var answer = new ModelStep(course);
            await foreach (var next in answer.RunAsync(cancellationToken))
            {
                yield return next;
            }

            if (answer.Calls.Count > 0)
            {
                // The model was told that there is no more.
                if (course.Rounds > options.Value.MaxRounds)
                {
                    yield return ClosingEvents.Error(TurnFailures.TooManyRounds(options.Value.MaxRounds));
                    yield break;
                }

                await foreach (var next in toolStep.RunAsync(course, answer, cancellationToken))
                {
                    yield return next;
                }

                continue;
            }

            var problem = answer.End?.Done is null ? null : form?.Check(answer.Text);
            if (problem is null || !course.CanCorrect || answer.End!.Done.FinishReason != FinishReason.Stop)
            {
                foreach (var next in Ending(course, answer, form, problem))
                {
                    yield return next;
                }

                yield break;
            }

            yield return ClosingEvents.Warn(
                "DOCUMENT_INVALID",
                "The answer did not have the form that was asked for; the model is asked once more.");
            yield return new StreamChatResponse { Retract = new Retract() };
            course.Correct(AnswerForm.Correction(answer.Text, problem));
        }
    }

    // An answer without tools is its message, and needs no step beside it.
    private static IEnumerable<ScriptEvent> Ending(
        TurnCourse course, ModelStep answer, AnswerForm? form, string? problem)
    {
        if (answer.End?.Done is null)
        {
            return answer.End is null ? [] : [answer.End];
        }

        if (problem is not null)
        {
            return [ClosingEvents.Error(TurnFailures.WrongForm)];
        }

        if (form is null)
        {
            return [new ScriptEvent(answer.End) { Steps = course.Last is null ? [] : [answer.Record()] }];
        }

        var document = new StreamChatResponse
        {
            Document = form.Document(answer.Text, course.NextNumber),
        };
        return [document, new ScriptEvent(answer.End) { Steps = [answer.Record(document)] }];
    }

    private async Task<(IReadOnlyList<MessageRecord> Branch, string Begun)> ReadAsync(
        Turn turn, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // The user's message and those before it; at least one, to know how the turn before this one ended.
                var branch = await store.ReadBranchAsync(
                    turn.Record.TenantId, turn.Record.SessionId, turn.Record.UserMessageId, Math.Max(limit, 1) + 1,
                    cancellationToken);
                return (branch, await ReadBegunAsync(turn.Record, cancellationToken));
            }
            catch (StoreException passing) when (turn.IsWaiting && !passing.Refused)
            {
                // It waits for its client; it can wait for the store as well.
                await Task.Delay(RetryPause, time, cancellationToken);
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
}
