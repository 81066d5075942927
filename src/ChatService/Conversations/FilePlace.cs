using System.Globalization;
using ChatGrpc.Model;
using Google.Rpc;

namespace ChatGrpc.Conversations;

/// <summary>A place in a file that is imported: lines and bytes in them count from 1.</summary>
internal readonly record struct FilePlace(long Line, long Byte)
{
    public static FilePlace Of(ReadOnlySpan<byte> file, int offset)
    {
        var before = file[..Math.Min(offset, file.Length)];
        return new FilePlace(before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    /// <summary>The file cannot be imported because of what is here.</summary>
    public Failure Wrong(string sentence) => new(
        Code.InvalidArgument,
        "IMPORT_INVALID",
        string.Create(CultureInfo.InvariantCulture, $"Line {Line}, byte {Byte}: {sentence}"))
    {
        Metadata = new Dictionary<string, string>
        {
            ["line"] = Line.ToString(CultureInfo.InvariantCulture),
            ["byte"] = Byte.ToString(CultureInfo.InvariantCulture),
        },
    };
}
