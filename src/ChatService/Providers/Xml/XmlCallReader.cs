using System.Text;

namespace ChatGrpc.Providers.Xml;

/// <summary>
/// Finds calls in the text of an answer that comes in any pieces. Text is told as soon as it can be no piece of a tag,
/// and arguments as they come.
/// </summary>
internal sealed class XmlCallReader
{
    private const string End = "</tool_call>";

    // White space after a call is held so long, because before another call or at the end it is no text.
    private const int MostBlanks = 64;

    private readonly CodeSpans _code = new();
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _arguments = new();
    private readonly StringBuilder _blanks = new();
    private readonly StringBuilder _end = new();
    private readonly List<ModelEvent> _events = [];
    private XmlOpening? _opening;
    private ModelToolCall? _call;
    private bool _hasArguments;
    private bool _isInString;
    private bool _isEscaped;
    private bool _isAfterCall;

    /// <summary>How many calls began.</summary>
    public int Count { get; private set; }

    /// <summary>A call has begun and not ended.</summary>
    public bool IsInCall => _call is not null || _opening is { IsCall: true };

    /// <summary>What was said before, of which the next text is the rest.</summary>
    public void Recall(string text) => _code.Read(text);

    /// <summary>What the next piece of the answer says; valid until the next call.</summary>
    public IReadOnlyList<ModelEvent> Read(ReadOnlySpan<char> delta)
    {
        _events.Clear();
        foreach (var unit in delta)
        {
            if (_call is not null)
            {
                ReadArgument(unit);
            }
            else
            {
                ReadText(unit);
            }
        }

        TellText();
        TellArguments();
        return _events;
    }

    /// <summary>The text that is still held when the answer ends, if it is no piece of a call.</summary>
    public IReadOnlyList<ModelEvent> Finish()
    {
        _events.Clear();
        if (_opening is { IsCall: false } opening)
        {
            _opening = null;
            TakeBlanks();
            _ = _text.Append(opening.Text);
            TellText();
        }

        return _events;
    }

    private void ReadText(char unit)
    {
        if (_opening is { } opening)
        {
            if (opening.Read(unit))
            {
                if (opening.IsWhole)
                {
                    BeginCall(opening);
                }

                return;
            }

            // It was text; the unit that shows it may begin a tag itself.
            _opening = null;
            TakeBlanks();
            _ = _text.Append(opening.Text);
            _code.Read(opening.Text);
        }

        if (unit == '<' && !_code.IsCode)
        {
            _opening = new();
            _ = _opening.Read(unit);
            return;
        }

        _code.Read(unit);
        if (_isAfterCall && char.IsWhiteSpace(unit) && _blanks.Length < MostBlanks)
        {
            _ = _blanks.Append(unit);
            return;
        }

        TakeBlanks();
        _ = _text.Append(unit);
    }

    private void BeginCall(XmlOpening opening)
    {
        TellText();
        _opening = null;
        _ = _blanks.Clear();

        // Random: ids have to differ from those of every other answer in the conversation.
        _call = new ModelToolCall(Count++, $"call_{Guid.NewGuid():N}", opening.Name);
        (_hasArguments, _isInString, _isEscaped) = (false, false, false);
        _events.Add(ModelEvent.ToolCall(_call, ""));
        if (opening.IsEmpty)
        {
            EndCall();
        }
    }

    // The end is looked for outside of the JSON's strings only: an argument may well hold such a tag.
    private void ReadArgument(char unit)
    {
        if (_end.Length > 0)
        {
            if (unit == End[_end.Length])
            {
                _ = _end.Append(unit);
                if (_end.Length == End.Length)
                {
                    EndCall();
                }

                return;
            }

            _ = _arguments.Append(_end);
            _ = _end.Clear();
        }

        if (_isInString)
        {
            (_isInString, _isEscaped) = (_isEscaped || unit != '"', !_isEscaped && unit == '\\');
        }
        else if (unit == End[0])
        {
            _ = _end.Append(unit);
            return;
        }
        else
        {
            _isInString = unit == '"';
        }

        // White space around the object is nobody's.
        if (_hasArguments || _arguments.Length > 0 || !char.IsWhiteSpace(unit))
        {
            _ = _arguments.Append(unit);
        }
    }

    private void EndCall()
    {
        if (!_hasArguments && _arguments.Length == 0)
        {
            _ = _arguments.Append("{}");
        }

        TellArguments();
        _ = _end.Clear();
        (_call, _isAfterCall) = (null, true);
    }

    private void TakeBlanks()
    {
        _ = _text.Append(_blanks);
        _ = _blanks.Clear();
        _isAfterCall = false;
    }

    private void TellText()
    {
        if (_text.Length > 0)
        {
            _events.Add(ModelEvent.Answer(_text.ToString()));
            _ = _text.Clear();
        }
    }

    private void TellArguments()
    {
        if (_call is not null && _arguments.Length > 0)
        {
            _events.Add(ModelEvent.ToolCall(_call, _arguments.ToString()));
            _ = _arguments.Clear();
            _hasArguments = true;
        }
    }
}
