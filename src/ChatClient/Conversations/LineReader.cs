using System.Text;
using ChatGrpc.Client.Rendering;

namespace ChatGrpc.Client.Conversations;

/// <summary>Reads what somebody types at the prompt, a message at a time.</summary>
internal sealed class LineReader(TextReader keyboard, Terminal terminal, Interrupts interrupts)
{
    private const string Prompt = ">>> ";
    private const string MorePrompt = "... ";

    // A Linux terminal passes on 4,095 bytes of a line and drops the rest of it (N_TTY_BUF_SIZE less its end).
    private const int LongestLineBytes = 4_095;

    private readonly MessageDraft _draft = new();
    private volatile bool _abandoned;

    /// <summary>Null: there is nothing more to come (Ctrl+D).</summary>
    public async Task<TypedMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        _abandoned = false;
        interrupts.Prompt(Abandon);
        terminal.WritePrompt(Prompt);
        while (await keyboard.ReadLineAsync(cancellationToken) is { } line)
        {
            interrupts.Typed();
            if (Take(line) is { } message)
            {
                return message;
            }

            terminal.WritePrompt(_draft.IsEmpty ? Prompt : MorePrompt);
        }

        terminal.WritePrompt("\n");
        return _draft.IsEmpty || _abandoned ? null : _draft.End();
    }

    private TypedMessage? Take(string line)
    {
        if (_abandoned)
        {
            _abandoned = false;
            _draft.Abandon();
        }

        if (Encoding.UTF8.GetByteCount(line) < LongestLineBytes)
        {
            return _draft.Take(line);
        }

        _draft.Abandon();
        terminal.WriteError(
            $"Not sent: the terminal cuts a line after {LongestLineBytes:N0} bytes. /file sends a longer one.");
        return null;
    }

    // Ctrl+C, on a thread of its own: the terminal has dropped the line, the next one begins a new message.
    private void Abandon()
    {
        _abandoned = true;
        terminal.WriteNotice("\nCtrl+D or another Ctrl+C leaves.");
        terminal.WritePrompt(Prompt);
    }
}
