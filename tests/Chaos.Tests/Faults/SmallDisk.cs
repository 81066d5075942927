using System.Diagnostics;

namespace Chaos.Tests.Faults;

/// <summary>A file system in memory, small enough to be filled: mounted for the test and gone after it.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    // A cluster with its log takes some 150 MB, and a minute of load a few more.
    private const string Size = "size=512m";

    private static readonly byte[] Piece = new byte[1024 * 1024];

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static async Task<SmallDisk> MountAsync()
    {
        var path = Directory.CreateTempSubdirectory("chatgrpc-disk-").FullName;
        if (await RunAsync("mount", "-t", "tmpfs", "-o", Size, "tmpfs", path) is { Length: > 0 } trouble)
        {
            Directory.Delete(path);
            Assert.Fail("A disk that is full needs one that can be filled: this test mounts a tmpfs, as root may, or "
                + $"whoever has CAP_SYS_ADMIN. Here it was told: {trouble}");
        }

        return new SmallDisk(path);
    }

    /// <summary>A new folder on it.</summary>
    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>Leaves room for nothing.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = Piece.Length; size > 0; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(Piece, 0, size);
                }
            }
            catch (IOException)
            {
                // No room for so much: half of it may still fit.
            }
        }
    }

    /// <summary>Makes room again.</summary>
    public void Empty() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        var trouble = await RunAsync("umount", Path);
        Assert.Equal("", trouble);
        Directory.Delete(Path);
    }

    // What it says of its failure; empty: it did not fail.
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var trouble = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? "" : $"{program}: {trouble.Trim()}";
    }
}
