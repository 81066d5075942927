namespace ChatGrpc.Client;

/// <summary>The program's two outputs: the answer, and everything that is not the answer.</summary>
internal sealed class Terminal
{
    private const string Dim = "\e[2m";
    private const string Red = "\e[31m";
    private const string Reset = "\e[0m";

    /// <summary>Where the answer goes, and nothing else.</summary>
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>A person reads the answer as it comes.</summary>
    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>NO_COLOR is not set.</summary>
    public bool Colors { get; init; }

    /// <summary>A piece of the answer, visible at once.</summary>
    public void WriteAnswer(string text)
    {
        Out.Write(OutIsTerminal ? Harmless(text) : text);
        Out.Flush();
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
