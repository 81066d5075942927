using System.Text;
using ChatGrpc.Client.Rendering;

namespace ChatGrpc.Client.Conversations;

/// <summary>
/// Reads what somebody types, a message at a time: a line, lines that end in a backslash and the one after them, or
/// whatever stands between two lines of three quotation marks.
/// </summary>
internal sealed class LineReader(TextReader keyboard, Terminal terminal)
{
    private const string Prompt = ">>> ";
    private const string MorePrompt = "... ";
    private const string Block = "\"\"\"";

    /// <summary>Null: there is nothing more to come (Ctrl+D).</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        terminal.WritePrompt(Prompt);
        if (await keyboard.ReadLineAsync(cancellationToken) is not { } line)
        {
            terminal.WritePrompt("\n");
            return null;
        }

        return line.TrimEnd() == Block
            ? await ReadBlockAsync(cancellationToken)
            : await ReadContinuedAsync(line, cancellationToken);
    }

    private async Task<string> ReadContinuedAsync(string first, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var line = first;
        while (line is [.., '\\'])
        {
            text.Append(line.AsSpan(0, line.Length - 1)).Append('\n');
            line = await ReadMoreAsync(cancellationToken) ?? "";
        }

        return text.Append(line).ToString();
    }

    private async Task<string> ReadBlockAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (await ReadMoreAsync(cancellationToken) is { } line && line.TrimEnd() != Block)
        {
            lines.Add(line);
        }

        return string.Join('\n', lines);
    }

    private ValueTask<string?> ReadMoreAsync(CancellationToken cancellationToken)
    {
        terminal.WritePrompt(MorePrompt);
        return keyboard.ReadLineAsync(cancellationToken);
    }
}
