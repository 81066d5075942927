using System.Text;
using Chat.V1;

namespace ChatGrpc.Client.Documents;

/// <summary>Where the documents of answers are saved. A file that is there already is never written over.</summary>
internal sealed class DocumentFolder(string path)
{
    // Whoever has so many files of one name wants no more of them.
    private const int MostOfAName = 1_000;

    private readonly HashSet<(string Stream, string Document)> _saved = [];

    /// <summary>Opens a file that is not there yet.</summary>
    public Func<string, Stream> Open { get; init; } =
        file => new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>A document in a line.</summary>
    public static string Describe(Document document) =>
        $"Document “{(document.Title.Length > 0 ? document.Title : document.Id)}” ({document.MediaType}, "
        + $"{Bytes(document).Length:N0} bytes)";

    /// <param name="stream">The turn, in which the document's id is the only one of its kind.</param>
    /// <returns>Where it is now, or why it is not; null: it was saved before.</returns>
    public string? Save(string stream, Document document)
    {
        if (!_saved.Add((stream, document.Id)))
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(path);
            return $"Saved as {Write(FileName.Of(document.Title, document.MediaType), Bytes(document))}";
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            return $"It is not saved: {unwritable.Message}";
        }
    }

    private string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var stream = OpenNew(name, out var file);
        try
        {
            using (stream)
            {
                stream.Write(bytes);
            }

            return file;
        }
        catch
        {
            // Half a document looks like a whole one.
            File.Delete(file);
            throw;
        }
    }

    private Stream OpenNew(string name, out string file)
    {
        for (var i = 1; ; i++)
        {
            var numbered = i == 1
                ? name
                : $"{Path.GetFileNameWithoutExtension(name)} ({i}){Path.GetExtension(name)}";
            file = Path.Combine(path, numbered);
            try
            {
                return Open(file);
            }
            catch (IOException) when (i < MostOfAName && Path.Exists(file))
            {
                // Another document has the name.
            }
        }
    }

    private static ReadOnlySpan<byte> Bytes(Document document) =>
        document.ContentCase == Document.ContentOneofCase.Data
            ? document.Data.Span
            : Encoding.UTF8.GetBytes(document.Text);
}
