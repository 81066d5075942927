namespace ChatGrpc.Client.Rendering;

/// <summary>The program's two outputs: the answer, and everything that is not the answer.</summary>
internal sealed class Terminal
{
    private const string Dim = "\e[2m";
    private const string Red = "\e[31m";
    private const string Reset = "\e[0m";

    private readonly MarkdownStyler _markdown = new();

    /// <summary>Where the answer goes, and nothing else.</summary>
    public required TextWriter Out { get; init; }

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
