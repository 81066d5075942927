namespace ChatGrpc.Client.Conversations;

/// <summary>
/// Puts lines together to a message: a line, lines that end in a backslash and the one after them, or whatever stands
/// between two lines of three quotation marks, which is taken as it is.
/// </summary>
internal sealed class MessageDraft
{
    private const string Block = "\"\"\"";

    private readonly List<string> _lines = [];
    private bool _isBlock;

    public bool IsEmpty => !_isBlock && _lines.Count == 0;

    /// <summary>The message that the line ends; null: it goes on.</summary>
    public TypedMessage? Take(string line)
    {
        if (line.TrimEnd() == Block && (_isBlock || _lines.Count == 0))
        {
            if (_isBlock)
            {
                return End();
            }

            _isBlock = true;
            return null;
        }

        var goesOn = !_isBlock && line is [.., '\\'];
        _lines.Add(goesOn ? line[..^1] : line);
        return goesOn || _isBlock ? null : End();
    }

    /// <summary>What there is, as the message.</summary>
    public TypedMessage End()
    {
        var text = string.Join('\n', _lines);
        var isCommand = !_isBlock && text is (['/'] or ['/', not '/', ..]);
        var isEscaped = !_isBlock && text is ['/', '/', ..];
        Abandon();
        return new TypedMessage(isEscaped ? text[1..] : text, isCommand);
    }

    public void Abandon()
    {
        _lines.Clear();
        _isBlock = false;
    }
}
