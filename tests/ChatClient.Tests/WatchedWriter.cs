using System.Text;

namespace ChatClient.Tests;

/// <summary>A writer whose text can be waited for.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private int _seen;
    private (string Text, int From, TaskCompletionSource Seen)? _awaited;

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_gate)
        {
            _text.Append(value);
            Check_NeedsLock();
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>Ends when the text is there, wherever.</summary>
    public Task HasAsync(string text)
    {
        lock (_gate)
        {
            return Await_NeedsLock(text, from: 0);
        }
    }

    /// <summary>Ends when the text is there, after what was waited for before.</summary>
    public Task GoesOnWithAsync(string text)
    {
        lock (_gate)
        {
            return Await_NeedsLock(text, _seen);
        }
    }

    private Task Await_NeedsLock(string text, int from)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited = (text, from, seen);
        Check_NeedsLock();
        return seen.Task;
    }

    private void Check_NeedsLock()
    {
        if (_awaited is { } awaited
            && _text.ToString().IndexOf(awaited.Text, awaited.From, StringComparison.Ordinal) is >= 0 and var at)
        {
            _seen = at + awaited.Text.Length;
            _awaited = null;
            awaited.Seen.TrySetResult();
        }
    }
}
