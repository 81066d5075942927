using System.ComponentModel;
using System.Diagnostics;

namespace ChatGrpc.TestKit.Postgres;

/// <summary>PostgreSQL's own programs. They refuse to run as root, so root runs them as the user postgres.</summary>
internal static class PostgresPrograms
{
    private const string User = "postgres";

    // An initdb on a busy machine takes seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string Folder = Find();

    /// <summary>Gives a folder to the user that the programs run as.</summary>
    public static async Task OwnAsync(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(new ProcessStartInfo("chown", [User, folder]));
        }
    }

    /// <summary>Runs one to its end.</summary>
    public static Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, program), arguments) { WorkingDirectory = "/" };
        if (Environment.IsPrivilegedProcess)
        {
            start.UserName = User;
        }

        return RunAsync(start);
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);

        // Nothing is read where all went well: a server that was left behind might hold on to the pipes.
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: "
                + await process.StandardError.ReadToEndAsync().WaitAsync(Patience));
        }
    }

    // Debian has them in a folder for each version; elsewhere they are on the path.
    private static string Find()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        var folders = versions.OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new Win32Exception("PostgreSQL is not on this machine: install postgresql.");
    }
}
