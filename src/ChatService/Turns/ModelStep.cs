using System.Runtime.CompilerServices;
using System.Text;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using ChatGrpc.Tools;

namespace ChatGrpc.Turns;

/// <summary>One answer of the model within a turn: what it says, and which tools it calls.</summary>
internal sealed class ModelStep(TurnCourse course)
{
    // What is said after the tools' work is a paragraph of its own.
    private const string Paragraph = "\n\n";

    private readonly StringBuilder _text = new();
    private readonly CalledTools _calls = new(course.Belt, course.NextNumber, course.Calls);

    /// <summary>As the readers have it: half a character that never became whole is U+FFFD.</summary>
    public string Text => StorableText.Of(_text.ToString());

    /// <summary>The calls, once the answer has ended well.</summary>
    public IReadOnlyList<ToolCall> Calls { get; private set; } = [];

    /// <summary>Done or error; null: the answer did not come to its end.</summary>
    public StreamChatResponse? End { get; private set; }

    public async IAsyncEnumerable<ScriptEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return ScriptEvent.Mark;
        await foreach (var said in course.Turn.Model.Chain.StreamAsync(course.Request, cancellationToken))
        {
            switch (said.Kind)
            {
                case ModelEventKind.Answer:
                    if (_text.Length == 0 && said.Text.Length > 0 && course.HasSpoken)
                    {
                        yield return Token(Paragraph, TokenChannel.Answer);
                    }

                    _text.Append(said.Text);
                    yield return Token(said.Text, TokenChannel.Answer);
                    break;
                case ModelEventKind.Reasoning:
                    yield return Token(said.Text, TokenChannel.Reasoning);
                    break;
                case ModelEventKind.ToolCall when _calls.Add(said) is { } news:
                    yield return new StreamChatResponse { ToolCall = news };
                    break;
                case ModelEventKind.Retracted:
                    _text.Clear();
                    _calls.Clear();
                    yield return new StreamChatResponse { Retract = new Retract() };
                    break;
                case ModelEventKind.Began:
                    course.Turn.Attempts.Add(said.AttemptDetail);
                    break;
                case ModelEventKind.Warned:
                    yield return new StreamChatResponse { Warning = said.WarningDetail };
                    break;
                case ModelEventKind.Finished:
                    End = ClosingEvents.Done(said.FinishReason, said.Text);

                    // What was cut off or filtered may not be what the model wanted to call.
                    var isWhole = said.FinishReason is not (FinishReason.Length or FinishReason.ContentFilter);
                    Calls = isWhole ? _calls.Whole : [];
                    yield break;
                case ModelEventKind.Failed:
                    End = ClosingEvents.Error(said.FailureDetail);
                    yield break;
            }

            if (_calls.Excess is { } excess)
            {
                End = ClosingEvents.Error(excess);
                yield break;
            }
        }
    }

    /// <summary>The answer as a step of the turn.</summary>
    public TurnStep Record(params IEnumerable<StreamChatResponse> documents)
    {
        var text = Text;

        // Those of an answer that was withdrawn for its form are told with the one that took its place.
        var attempts = course.Turn.Attempts.Skip(course.AttemptsTold).Select(
            attempt => attempt.Describe(StreamState.Completed, "", UsageEstimate.Of(attempt))).ToList();
        course.AttemptsTold = course.Turn.Attempts.Count;
        return new TurnStep(
            course.NextNumber,
            StepKind.Model,
            StreamState.Completed,
            [
                .. text.Length > 0 ? [Token(text, TokenChannel.Answer)] : Array.Empty<StreamChatResponse>(),
                .. Calls.Select(call => new StreamChatResponse { ToolCall = call }),
                .. documents,
            ])
        {
            Attempts = attempts,
        };
    }

    private static StreamChatResponse Token(string text, TokenChannel channel) =>
        new() { Token = new Token { Text = text, Channel = channel } };
}
