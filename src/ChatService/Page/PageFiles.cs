using System.Reflection;

namespace ChatGrpc.Page;

/// <summary>The files of the chat page, which the build has put into the assembly (web/page.targets).</summary>
internal static class PageFiles
{
    private const string Prefix = "page/";

    /// <summary>By their paths from the page's root: index.html, assets/index-1a2b3c4d.js. Empty: not built.</summary>
    public static IReadOnlyDictionary<string, PageFile> Read(Assembly assembly)
    {
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToHashSet();
        return names.Where(name => !PageFile.Encodings.Any(e => name.EndsWith(e.Ending, StringComparison.Ordinal)))
            .ToDictionary(name => name[Prefix.Length..], name => File(assembly, name, names));
    }

    private static PageFile File(Assembly assembly, string name, HashSet<string> names)
    {
        var encoded = PageFile.Encodings.Where(encoding => names.Contains(name + encoding.Ending))
            .ToDictionary(encoding => encoding.Name, encoding => Bytes(assembly, name + encoding.Ending));
        return new PageFile(name, Bytes(assembly, name), encoded);
    }

    private static byte[] Bytes(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
