using Chat.V1;
using ChatGrpc.Client.Rendering;

namespace ChatGrpc.Client.Streams;

/// <summary>What becomes of an answer in the middle of which the service was lost.</summary>
/// <param name="keyboard">Where somebody types; null: nobody does.</param>
internal sealed class ContinueOffer(TextReader? keyboard, Terminal terminal, Interrupts interrupts)
{
    private const string Question = "The answer was interrupted. Continue it? [Y/n] ";

    /// <summary>The request that goes on with it: another call of the model. Null: nobody wants it.</summary>
    /// <param name="asked">What the answer was to; its settings stay.</param>
    public async Task<StreamChatRequest?> TakeAsync(
        StreamChatRequest asked, Outcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.InterruptedStream.Length == 0)
        {
            return null;
        }

        if (keyboard is null || !terminal.IsOneScreen)
        {
            terminal.WriteNotice($"To have it continued: chat resume --continue {outcome.InterruptedStream}");
            return null;
        }

        interrupts.Prompt(() => terminal.WriteNotice("\nAnother Ctrl+C leaves."));
        terminal.WritePrompt(Question);
        var reply = await keyboard.ReadLineAsync(cancellationToken);
        interrupts.Typed();
        return reply?.Trim() is "" or "y" or "Y" or "yes" ? Request(asked, outcome) : null;
    }

    private static StreamChatRequest Request(StreamChatRequest asked, Outcome outcome)
    {
        var request = asked.Clone();
        request.Message = "";
        request.Parts.Clear();
        request.ParentMessageId = "";
        request.EditMessageId = "";
        request.RegenerateMessageId = "";
        request.ClientRequestId = "";
        request.Resume = null;
        request.SessionId = outcome.SessionId;
        request.ContinueFrom = outcome.InterruptedStream;
        return request;
    }
}
