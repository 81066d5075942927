using System.Diagnostics;
using ChatGrpc.TestKit;

namespace Integration.Tests;

/// <summary>An SQLite database that another program writes in: until it is disposed of, nobody else can.</summary>
internal sealed class HeldDatabase : IAsyncDisposable
{
    private readonly Process _program;

    private HeldDatabase(Process program) => _program = program;

    public static async Task<HeldDatabase> HoldAsync(string path)
    {
        var start = new ProcessStartInfo("sqlite3", [path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var held = new HeldDatabase(Process.Start(start)!);
        await held._program.StandardInput.WriteLineAsync(".timeout 10000\nBEGIN IMMEDIATE; SELECT 'held';");
        Assert.Equal("held", await held._program.StandardOutput.ReadLineAsync().InTime());
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        _program.StandardInput.Close();
        await _program.WaitForExitAsync().InTime();
        _program.Dispose();
    }
}
