using ChatGrpc.Model;
using ChatGrpc.Turns;
using Google.Protobuf;

namespace ChatGrpc.Conversations;

/// <summary>A file while it comes. What it takes is counted before it is held.</summary>
internal sealed class SessionUpload(Admission admission) : IDisposable
{
    // Memory is asked for in steps of that size; one message of gRPC has up to 16 MiB.
    private const int Step = 1024 * 1024;

    // The pieces and the whole at once, then the whole, its texts in UTF-16 and its messages.
    private const int Copies = 4;

    private readonly List<ByteString> _pieces = [];
    private readonly List<IDisposable> _places = [];
    private long _counted;
    private int _bytes;

    /// <returns>Why the piece is not taken, nor any after it; null: it is.</returns>
    public Failure? TryAdd(ByteString piece)
    {
        if (piece.Length > SessionFile.MaxBytes - _bytes)
        {
            return SessionImport.TooLarge;
        }

        for (; _counted < _bytes + piece.Length; _counted += Step)
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
