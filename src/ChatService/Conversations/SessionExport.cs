using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using Google.Rpc;

namespace ChatGrpc.Conversations;

/// <summary>Writes a session as a file, in pieces.</summary>
internal sealed class SessionExport(IChatStore store)
{
    // What fits into a few frames of HTTP/2, and is sent while the next page is read.
    private const int PieceBytes = 64 * 1024;

    private SessionReading? _reading;
    private Failure? _tooLarge;

    /// <summary>Why the file ended early.</summary>
    public Failure? Failure => _tooLarge ?? _reading?.Failure;

    private static Failure TooLarge { get; } = new(
        Code.FailedPrecondition, "SESSION_TOO_LARGE",
        $"No file is made that could not be imported: more than {SessionFile.MaxMessages} messages, "
        + $"{SessionFile.MaxBytes} bytes, or {SessionFile.MaxMessageBytes} bytes of one message. "
        + "Export a branch as Markdown, or fork one and export that.");

    /// <returns>Why there is nothing to write; null: <see cref="ReadAllAsync"/> has it.</returns>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<Failure?> OpenAsync(
        string tenantId, ExportSessionRequest request, CancellationToken cancellationToken)
    {
        var branch = "";
        if (request.Format == ExportFormat.Markdown)
        {
            branch = request.BranchMessageId.Length > 0
                ? request.BranchMessageId
                : (await store.FindSessionAsync(tenantId, request.SessionId, cancellationToken))?.HeadMessageId ?? "";
        }

        (_reading, var failure) = await SessionReading.OpenAsync(
            store, tenantId, request.SessionId, branch, cancellationToken);
        return failure ?? (request.Format != ExportFormat.Markdown && _reading!.MaxCount > SessionFile.MaxMessages
            ? TooLarge
            : null);
    }

    /// <summary>The file's bytes, in pieces of at most 64 KiB.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync(
        ExportFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isMarkdown = format == ExportFormat.Markdown;
        var session = _reading!.Session;
        var waiting = new ArrayBufferWriter<byte>(PieceBytes);
        waiting.Write(isMarkdown ? Encoding.UTF8.GetBytes(MarkdownFile.Head(session)) : SessionFile.Head(session));
        var room = SessionFile.MaxBytes - waiting.WrittenCount - SessionFile.End().Length;
        var isFirst = true;
        await foreach (var message in _reading.ReadAllAsync(cancellationToken))
        {
            var next = isMarkdown
                ? Encoding.UTF8.GetBytes(MarkdownFile.Section(message))
                : SessionFile.Line(message, isFirst);
            room -= isMarkdown ? 0 : next.Length;
            if (room < 0 || (!isMarkdown && next.Length > SessionFile.MaxMessageBytes))
            {
                _tooLarge = TooLarge;
                yield break;
            }

            waiting.Write(next);
            isFirst = false;
            if (waiting.WrittenCount < PieceBytes)
            {
                continue;
            }

            foreach (var piece in Pieces(waiting.WrittenMemory))
            {
                yield return piece;
            }

            waiting = new ArrayBufferWriter<byte>(PieceBytes);
        }

        if (Failure is not null)
        {
            yield break;
        }

        waiting.Write(isMarkdown ? [] : SessionFile.End());
        foreach (var piece in Pieces(waiting.WrittenMemory))
        {
            yield return piece;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > PieceBytes; bytes = bytes[PieceBytes..])
        {
            yield return bytes[..PieceBytes];
        }

        yield return bytes;
    }
}
