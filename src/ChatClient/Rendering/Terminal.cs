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

    /// <summary>NO_COLOR is not set.</summary>
    public bool Colors { get; init; }

    /// <summary>Markdown is shown as it is, also on a terminal.</summary>
    public bool Plain { get; set; }

    private bool HasStyles => OutIsTerminal && Colors && !Plain;

    /// <summary>A piece of the answer, visible at once. In a pipe it is what the model wrote.</summary>
    public void WriteAnswer(string text)
    {
        var shown = OutIsTerminal ? Harmless(text) : text;
        Out.Write(HasStyles ? _markdown.Write(shown) : shown);
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

    public void WriteAside(string text)
    {
        Error.Write(Styled(Harmless(text), Dim));
        Error.Flush();
    }

    public void WriteNotice(string line) => Error.WriteLine(Styled(Harmless(line), Dim));

    public void WriteError(string line) => Error.WriteLine(Styled(Harmless(line), Red));

    private string Styled(string text, string style) => ErrorIsTerminal && Colors ? $"{style}{text}{Reset}" : text;

    // A model's text must not move the cursor, change the title or answer for the user.
    private static string Harmless(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
            ? text
            : string.Create(text.Length, text, static (safe, text) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    safe[i] = char.IsControl(text[i]) && text[i] is not ('\n' or '\t') ? '\uFFFD' : text[i];
                }
            });
}
