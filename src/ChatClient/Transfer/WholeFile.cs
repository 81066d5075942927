namespace ChatGrpc.Client.Transfer;

/// <summary>A file that is there whole or not at all: it is written under another name first.</summary>
/// <param name="path">Where it shall be.</param>
/// <param name="force">What is there already may be written over.</param>
internal sealed class WholeFile(string path, bool force)
{
    /// <returns>Why it is not there; empty: it is.</returns>
    public async Task<string> WriteAsync(Func<Stream, Task> write)
    {
        if (!force && Path.Exists(path))
        {
            return $"{path} is there already; --force writes over it.";
        }

        try
        {
            await WriteBesideAsync(write);
            return "";
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            return $"{path} cannot be written: {unwritable.Message}";
        }
    }

    private async Task WriteBesideAsync(Func<Stream, Task> write)
    {
        // In the same folder, so that the move is one step; and under a name that nobody has laid a link at.
        var beside = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", $".{Path.GetRandomFileName()}.part");
        try
        {
            await using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: force);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
