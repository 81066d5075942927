namespace ChatGrpc.Client.Transfer;

/// <summary>A file that is read, piece by piece.</summary>
/// <param name="Name">What it is called where it is told of.</param>
/// <param name="Length">In bytes; 0: nobody knows.</param>
internal sealed record ImportSource(string Name, Stream Stream, long Length) : IAsyncDisposable
{
    /// <exception cref="UnreadableException">It cannot be read.</exception>
    public static ImportSource Open(string file)
    {
        try
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return new ImportSource(file, stream, stream.CanSeek ? stream.Length : 0);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            throw new UnreadableException(file, unreadable);
        }
    }

    /// <returns>How many bytes were read; 0: there are no more.</returns>
    /// <exception cref="UnreadableException">They cannot be read.</exception>
    public async Task<int> ReadAsync(Memory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            return await Stream.ReadAtLeastAsync(
                piece, piece.Length, throwOnEndOfStream: false, cancellationToken: cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException(Name, unreadable);
        }
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
