using System.Threading.Channels;

namespace ChatClient.Tests;

/// <summary>Lines that come when the test types them.</summary>
internal sealed class Keyboard : TextReader
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public void Type(params string[] lines) => Array.ForEach(lines, line => _lines.Writer.TryWrite(line));

    /// <summary>Ctrl+D.</summary>
    public void End() => _lines.Writer.TryComplete();

    public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lines.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }
}
