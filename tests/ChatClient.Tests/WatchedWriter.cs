using System.Text;

namespace ChatClient.Tests;

/// <summary>A writer whose text can be waited for.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private (string Text, TaskCompletionSource Seen)? _awaited;

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

    public Task HasAsync(string text)
    {
        lock (_gate)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (text, seen);
            Check_NeedsLock();
            return seen.Task;
        }
    }

    private void Check_NeedsLock()
    {
        if (_awaited is { } awaited && _text.ToString().Contains(awaited.Text, StringComparison.Ordinal))
        {
            awaited.Seen.TrySetResult();
        }
    }
}
