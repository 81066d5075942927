using System.Text;

namespace ChatGrpc.Client.Rendering;

/// <summary>The program's two outputs: the answer, and everything that is not the answer.</summary>
internal sealed class Terminal
{
    private const string Dim = "\e[2m";
    private const string Bold = "\e[1m";
    private const string Red = "\e[31m";
    private const string Reset = "\e[0m";
    private const string LineAnew = "\r\e[K";

    private readonly MarkdownStyler _markdown = new();
    private readonly Decoder _characters = Encoding.UTF8.GetDecoder();

    /// <summary>Where the answer goes, and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>The same output, for what is bytes already.</summary>
    public Stream OutBytes { get; init; } = Stream.Null;

    public required TextWriter Error { get; init; }

    /// <summary>A person reads the answer as it comes.</summary>
    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>NO_COLOR is not set, and the terminal is not a dumb one.</summary>
    public bool Colors { get; init; }

    /// <summary>Markdown is shown as it is, also on a terminal.</summary>
    public bool Plain { get; set; }

    /// <summary>What is beside the answer stands on the same screen, and possibly in the same line.</summary>
    public bool IsOneScreen => OutIsTerminal && ErrorIsTerminal;

    private bool HasStyles => OutIsTerminal && Colors && !Plain;

    /// <summary>A piece of the answer, visible at once. In a pipe it is what the model wrote.</summary>
    public void WriteAnswer(string text)
    {
        // No style stays on between two pieces: what comes then may be a notice, or the end of the program.
        var shown = OutIsTerminal ? Harmless(text) : text;
        Out.Write(HasStyles ? _markdown.Write(shown) + _markdown.Rest() : shown);
        Out.Flush();
    }

    /// <summary>A line that is the answer by itself.</summary>
    public void WriteLine(string line)
    {
        Out.WriteLine(OutIsTerminal ? Harmless(line) : line);
        Out.Flush();
    }

    /// <summary>A line with some pieces of it in bold.</summary>
    public void WriteLine(IEnumerable<(string Text, bool IsBold)> pieces)
    {
        foreach (var (text, isBold) in pieces)
        {
            var shown = OutIsTerminal ? Harmless(text) : text;
            Out.Write(isBold && HasStyles ? $"{Bold}{shown}{Reset}" : shown);
        }

        Out.WriteLine();
        Out.Flush();
    }

    /// <summary>A piece of a file in UTF-8, byte for byte; a terminal shows it without what would steer it.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (!OutIsTerminal)
        {
            OutBytes.Write(bytes);
            return;
        }

        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var length = _characters.GetChars(bytes, characters, flush: false);
        Out.Write(Harmless(new string(characters, 0, length)));
        Out.Flush();
    }

    /// <summary>How far something has come, in the place of what it said before; nobody reads that in a file.</summary>
    public void WriteProgress(string line)
    {
        if (ErrorIsTerminal)
        {
            Error.Write(LineAnew + Styled(Harmless(line), Dim));
            Error.Flush();
        }
    }

    /// <summary>The answer ends.</summary>
    public void EndAnswer()
    {
        Out.Write(_markdown.End());
        Out.Flush();
    }

    /// <summary>Asks for the next line; not on the answer's output, which may be a file.</summary>
    public void WritePrompt(string prompt)
    {
        Error.Write(prompt);
        Error.Flush();
    }

    /// <summary>What is not the answer and comes in pieces.</summary>
    public void WriteAside(string text)
    {
        Error.Write(Styled(Harmless(text), Dim));
        Error.Flush();
    }

    public void WriteNotice(string line) => Error.WriteLine(Styled(Harmless(line), Dim));

    public void WriteError(string line) => Error.WriteLine(Styled(Harmless(line), Red));

    private string Styled(string text, string style) => ErrorIsTerminal && Colors ? $"{style}{text}{Reset}" : text;

    // A model's text must not move the cursor, change the title or answer for the user. A carriage return is left
    // out: a line feed ends a line without it.
    private static string Harmless(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : Replaced(text.Replace("\r", ""));

    private static string Replaced(string text) =>
        string.Create(text.Length, text, static (safe, text) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                safe[i] = char.IsControl(text[i]) && text[i] is not ('\n' or '\t') ? '\uFFFD' : text[i];
            }
        });
}
