using System.ComponentModel;
using System.Diagnostics;
using ModelContextProtocol.Client;

namespace ChatGrpc.Tools.Mcp;

/// <summary>
/// A server's program. It lives as long as its standard input is open, so that it ends with the service, whatever ends
/// that; what heeds no end of its input is killed with all that it started.
/// </summary>
internal sealed class McpProcess : IAsyncDisposable
{
    // A program that has nothing to save ends at once; the service's own stop waits for it.
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly Task _errors;

    private McpProcess(Process process, McpErrorLines errors, TimeProvider time)
    {
        _process = process;
        _time = time;
        _errors = errors.ReadAsync(process.StandardError);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static McpProcess Start(ToolServerOptions options, McpErrorLines errors, TimeProvider time)
    {
        var start = new ProcessStartInfo(options.Command, options.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = options.WorkingDirectory,
        };
        start.Environment.Clear();
        foreach (var (name, value) in StdioClientTransportOptions.GetDefaultEnvironmentVariables())
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        return new McpProcess(process, errors, time);
    }

    /// <summary>For one that never got to serve: it has nothing to save, and somebody waits.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or some of what it started is not ours to end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(ExitPatience, _time);
        }
        catch (Exception failed) when (failed is TimeoutException or IOException)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        // What it started may go on and hold its standard error open: that is not waited for.
        _ = await Task.WhenAny(_errors, Task.Delay(ExitPatience, _time));
        _process.Dispose();
    }
}
