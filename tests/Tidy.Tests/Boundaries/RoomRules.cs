using System.Text.RegularExpressions;
using Tidy.Tests.CSharp;

namespace Tidy.Tests.Boundaries;

/// <summary>Which room of the service names which, in using directives and in qualified names.</summary>
internal static partial class RoomRules
{
    /// <summary>Imports point one way.</summary>
    public static IEnumerable<Finding> Direction(IReadOnlyList<SourceFile> files) =>
        from name in Names(files)
        where name.From != name.Room && Rooms.Exists(name.From) && Rooms.Exists(name.Room)
        where !Rooms.MayKnow(name.From, name.Room)
        select name.File.At(
            name.Line,
            $"{name.From} may not know {name.Room}: imports point from Endpoints over Turns to Model.");

    /// <summary>A folder that the table does not have could import anything.</summary>
    public static IEnumerable<Finding> Known(IReadOnlyList<SourceFile> files) =>
        from file in files
        where IsOfService(file) && !Rooms.Exists(Rooms.Of(file))
        select file.At(1, $"{Rooms.Of(file)} is a new room: give it its place in Rooms.cs and docs/architecture.md.");

    /// <summary>What a folder such as Providers/OpenAI holds is for its files and the room's registration.</summary>
    public static IEnumerable<Finding> Inner(IReadOnlyList<SourceFile> files)
    {
        var folders = files.Where(IsOfService).Where(file => Rooms.InnerOf(file).Length > 0)
            .Select(file => $"{Rooms.Of(file)}.{Rooms.InnerOf(file)}").ToHashSet();
        return
            from name in Names(files)
            where folders.Contains($"{name.Room}.{name.Next}") && !Rooms.Shared.Contains($"{name.Room}.{name.Next}")
            let own = Rooms.InnerOf(name.File)
            where name.From != name.Room || (own.Length > 0 && own != name.Next)
            select name.File.At(
                name.Line, $"What {name.Room}/{name.Next} holds is for its own files and {name.Room}'s registration.");
    }

    /// <summary>An import that the file does not show could not be checked.</summary>
    public static IEnumerable<Finding> NoHiddenImports(SourceFile file)
    {
        const string Sentence = "In src each file shows what it imports: no global usings.";
        var isProject = Path.GetExtension(file.Path) is ".csproj" or ".props" or ".targets";
        return !file.IsIn("src/") ? []
            : file.IsCSharp ? file.InCode(GlobalUsing(), Sentence)
            : isProject ? file.InText(ProjectUsing(), Sentence)
            : [];
    }

    private static bool IsOfService(SourceFile file) => file.IsCSharp && file.IsIn(Rooms.Service);

    private static IEnumerable<Name> Names(IReadOnlyList<SourceFile> files)
    {
        var service = files.Where(IsOfService).ToArray();
        var held = service
            .SelectMany(file => Declarations.TypesIn(file.Code).Append(Rooms.InnerOf(file))
                .Select(name => $"{Rooms.Of(file)}.{name}"))
            .ToHashSet();
        foreach (var file in service)
        {
            // Inside the namespace ChatGrpc, Turns.TurnLog is ChatGrpc.Turns.TurnLog; Tools.Count is a property's.
            var relative = RelativeName().Matches(file.Code).Where(match => held.Contains(match.Value));
            foreach (var match in AbsoluteName().Matches(file.Code).Concat(relative))
            {
                yield return new Name(
                    file, Rooms.Of(file), match.Groups["room"].Value, match.Groups["next"].Value,
                    file.LineOf(match.Index));
            }
        }
    }

    [GeneratedRegex(@"(?<![\w.])ChatGrpc\.(?<room>\w+)(?:\.(?<next>\w+))?")]
    private static partial Regex AbsoluteName();

    [GeneratedRegex(@"(?<![\w.])(?<room>[A-Z]\w+)\.(?<next>[A-Z]\w*)")]
    private static partial Regex RelativeName();

    [GeneratedRegex(@"^\s*global\s+using\b", RegexOptions.Multiline)]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"<Using\s+Include")]
    private static partial Regex ProjectUsing();

    /// <param name="File">Where it is named.</param>
    /// <param name="From">The room of that file.</param>
    /// <param name="Room">The room that is named.</param>
    /// <param name="Next">What follows the room: a folder of it, a type of it, or nothing.</param>
    private sealed record Name(SourceFile File, string From, string Room, string Next, int Line);
}
