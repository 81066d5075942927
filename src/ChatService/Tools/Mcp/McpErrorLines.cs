namespace ChatGrpc.Tools.Mcp;

/// <summary>What a server's program writes on its standard error: for the operator, at Debug, within bounds.</summary>
internal sealed class McpErrorLines(string server, ILogger logger)
{
    // Enough for why a start failed; a server that logs each call would fill the disk with its users' texts.
    private const int MaxLines = 1_000;
    private const int MaxLineLength = 1_000;

    /// <summary>Reads to the end, for a full pipe would stop the server.</summary>
    public async Task ReadAsync(StreamReader errors)
    {
        var buffer = new char[4096];
        var line = new List<char>(MaxLineLength);
        var told = 0;
        try
        {
            while (await errors.ReadAsync(buffer) is > 0 and var count)
            {
                foreach (var next in buffer.AsSpan(0, count))
                {
                    if (next == '\n')
                    {
                        told += Tell(line, told);
                        line.Clear();
                    }
                    else if (line.Count < MaxLineLength && !char.IsControl(next))
                    {
                        line.Add(next);
                    }
                }
            }
        }
        catch (IOException)
        {
            // It is gone, and what it said last with it.
        }

        _ = Tell(line, told);
    }

    private int Tell(List<char> line, int told)
    {
        if (line.Count == 0 || told >= MaxLines)
        {
            return 0;
        }

        ToolsLog.ServerSaid(logger, server, new string([.. line]));
        return 1;
    }
}
