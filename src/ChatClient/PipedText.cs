namespace ChatGrpc.Client;

/// <summary>What stands on standard input, and why it cannot be asked.</summary>
internal readonly record struct PipedText(string Text, string Error)
{
    // The service takes 100,000 scalars, of at most two UTF-16 units each; what is longer need not be read to its end.
    private const int MaxLength = 200_000;

    public static async Task<PipedText> ReadAsync(TextReader input, CancellationToken cancellationToken)
    {
        var text = new char[MaxLength + 1];
        try
        {
            var length = await input.ReadBlockAsync(text, cancellationToken);
            return length <= MaxLength
                ? new(new string(text, 0, length), "")
                : new("", "Standard input is too long: a message has at most 100,000 characters.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new("", $"Standard input cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>The words of the command line, and what was piped in after them.</summary>
    public static string Append(IEnumerable<string> words, string piped)
    {
        var text = string.Join(' ', words);
        return text.Length > 0 && piped.Length > 0 ? $"{text}\n\n{piped}" : text + piped;
    }
}
