using ChatGrpc.Model;
using ChatGrpc.Turns;
using Google.Protobuf;
using Google.Rpc;

namespace ChatGrpc.Conversations;

/// <summary>A file while it comes. What it takes is counted before it is held.</summary>
internal sealed class SessionUpload(Admission admission, TimeProvider time) : IDisposable
{
    // Memory is asked for in steps of that size; one message of gRPC has up to 16 MiB.
    private const int Step = 1024 * 1024;

    // The pieces and the whole at once, then the whole, its texts in UTF-16 and its messages.
    private const int Copies = 4;

    // What holding a piece takes beside its bytes, generously: a file may come a byte at a time.
    private const int PieceOverhead = 64;

    // A client that reads its file has the next piece in much less. Who says nothing would hold the memory for ever.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(60);

    private readonly List<ByteString> _pieces = [];
    private readonly List<IDisposable> _places = [];
    private long _counted;
    private long _overhead;
    private int _bytes;

    private static Failure Stalled { get; } = new(
        Code.DeadlineExceeded, "IMPORT_STALLED",
        $"The file's next piece did not come within {MaxSilence.TotalSeconds:0} s.");

    /// <param name="next">Waits for the next piece. False: the file is whole.</param>
    /// <returns>Whether there is a next piece; a failure: it did not come in time.</returns>
    public async Task<(bool HasNext, Failure? Failure)> MoveNextAsync(
        Func<CancellationToken, Task<bool>> next, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(MaxSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return (await next(either.Token), null);
        }
        catch (OperationCanceledException) when (
            silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (false, Stalled);
        }
    }

    /// <returns>Why the piece is not taken, nor any after it; null: it is.</returns>
    public Failure? TryAdd(ByteString piece)
    {
        if (piece.Length > SessionFile.MaxBytes - _bytes)
        {
            return SessionImport.TooLarge;
        }

        _overhead += PieceOverhead;
        for (; _counted < _bytes + _overhead + piece.Length; _counted += Step)
        {
            if (admission.TryHold(Step * Copies) is not { } place)
            {
                return TurnFailures.Overloaded;
            }

            _places.Add(place);
        }

        _pieces.Add(piece);
        _bytes += piece.Length;
        return null;
    }

    /// <summary>The file; the upload has it no more.</summary>
    public byte[] TakeAll()
    {
        var file = new byte[_bytes];
        var at = 0;
        foreach (var piece in _pieces)
        {
            piece.CopyTo(file, at);
            at += piece.Length;
        }

        _pieces.Clear();
        return file;
    }

    public void Dispose() => _places.ForEach(place => place.Dispose());
}
