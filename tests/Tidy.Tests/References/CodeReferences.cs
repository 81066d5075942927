using System.Text.RegularExpressions;
using Tidy.Tests.CSharp;

namespace Tidy.Tests.References;

/// <summary>Code that no other file names has no user.</summary>
internal static partial class CodeReferences
{
    // The build generates the stubs that derive from it.
    private const string BaseOfGeneratedStubs = "src/Grpc/Core/Clients/ClientBase.cs";

    /// <summary>
    /// Every C# file of src declares a type, or an extension method, that another file of src names. What only tests
    /// name is dead; the stack in src/Grpc is a library, and there the tests count as users.
    /// </summary>
    public static IEnumerable<Finding> Exist(IReadOnlyList<SourceFile> files)
    {
        var namedBy = new Dictionary<string, HashSet<string>>();
        foreach (var file in files.Where(file => file.IsCSharp))
        {
            foreach (var word in Word().EnumerateMatches(file.Code))
            {
                var name = file.Code.Substring(word.Index, word.Length);
                namedBy.TryAdd(name, []);
                namedBy[name].Add(file.Path);
            }
        }

        return
            from file in files
            where file.IsCSharp && file.IsIn("src/") && file.Name != "Program.cs"
                && file.Path != BaseOfGeneratedStubs
            let names = Declarations.TypesIn(file.Code).Concat(Declarations.ExtensionsIn(file.Code)).ToArray()
            where !names.Any(name => namedBy[name].Any(user => user != file.Path && IsUser(file, user)))
            select file.At(
                1,
                names.Length == 0
                    ? "This file declares no type."
                    : $"No other file uses {string.Join(" or ", names)}: use it or delete it.");
    }

    private static bool IsUser(SourceFile file, string user) =>
        user.StartsWith("src/", StringComparison.Ordinal) || file.IsIn("src/Grpc/");

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
