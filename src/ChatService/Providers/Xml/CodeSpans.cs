namespace ChatGrpc.Providers.Xml;

/// <summary>
/// Follows Markdown's code through a text that comes in any pieces: between runs of backticks of one length, up to the
/// end of the line at the latest, and between lines that begin with three or more.
/// </summary>
internal sealed class CodeSpans
{
    // More, and the line is code for another reason; its backticks open nothing.
    private const int MostIndent = 3;
    private const int FenceLength = 3;

    private int _indent;
    private bool _isAtLineStart = true;
    private int _run;
    private bool _runBeganLine;
    private int _span;
    private int _fence;

    /// <summary>What comes next is code.</summary>
    public bool IsCode
    {
        get
        {
            EndRun();
            return _span > 0 || _fence > 0;
        }
    }

    public void Read(ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            Read(unit);
        }
    }

    public void Read(char unit)
    {
        if (unit == '`')
        {
            _runBeganLine |= _run == 0 && _isAtLineStart && _indent <= MostIndent;
            _run++;
            _isAtLineStart = false;
            return;
        }

        EndRun();
        if (unit == '\n')
        {
            (_span, _indent, _isAtLineStart) = (0, 0, true);
        }
        else if (unit == ' ' && _isAtLineStart)
        {
            _indent++;
        }
        else
        {
            _isAtLineStart = false;
        }
    }

    private void EndRun()
    {
        var (run, beganLine) = (_run, _runBeganLine);
        (_run, _runBeganLine) = (0, false);
        if (run == 0)
        {
            return;
        }

        if (_fence > 0)
        {
            _fence = beganLine && run >= _fence ? 0 : _fence;
        }
        else if (_span > 0)
        {
            _span = run == _span ? 0 : _span;
        }
        else if (beganLine && run >= FenceLength)
        {
            _fence = run;
        }
        else
        {
            _span = run;
        }
    }
}
