using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace ChatGrpc.Storage.Search;

/// <summary>
/// What a scalar is compared as: folding.txt, which says how it was made. It comes with the program, so that an index
/// that was written years ago, on another machine, means the same as today's.
/// </summary>
internal static class FoldingTable
{
    private static readonly FrozenDictionary<int, string> Folded = Load();

    /// <summary>Null: it is compared as itself. Empty: it is passed over.</summary>
    public static string? Of(Rune rune) => Folded.GetValueOrDefault(rune.Value);

    private static FrozenDictionary<int, string> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var name = assembly.GetManifestResourceNames()
            .Single(name => name.EndsWith(".folding.txt", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                Add(line.Split(' '), table);
            }
        }

        return table.ToFrozenDictionary();
    }

    private static void Add(string[] columns, Dictionary<int, string> table)
    {
        var run = columns[0].Split('-').Select(Scalar).ToArray();
        var folded = columns[1..].Select(Scalar).ToArray();
        for (var scalar = run[0]; scalar <= run[^1]; scalar++)
        {
            var distance = scalar - run[0];
            table.Add(scalar, string.Concat(folded.Select(each => new Rune(each + distance).ToString())));
        }
    }

    private static int Scalar(string hexadecimal) =>
        int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
