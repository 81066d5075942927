using System.Text.RegularExpressions;
using Tidy.Tests.CSharp;

namespace Tidy.Tests.Names;

/// <summary>Names that say nothing, and notes to oneself.</summary>
internal static partial class NameRules
{
    public static IEnumerable<Finding> SayWhatTheyHold(SourceFile file)
    {
        const string Sentence = "says nothing about what is inside: name the capability.";
        foreach (var part in file.Path.Split('/').Where(part => Vague().IsMatch(part.Split('.')[0])))
        {
            yield return file.At(1, $"The name {part} {Sentence}");
        }

        foreach (var type in file.IsCSharp ? Declarations.Types(file.Code) : [])
        {
            if (Vague().IsMatch(type.Value))
            {
                yield return file.At(file.LineOf(type.Index), $"The name {type.Value} {Sentence}");
            }
        }
    }

    public static IEnumerable<Finding> NoNotesToOneself(SourceFile file) =>
        file.InText(Note(), "What is left to do is an issue; what is in the repository is done.");

    [GeneratedRegex("^(?:Common|Misc)(?=[A-Z])|(?:Common|Utils?|Utility|Utilities|Helpers?|Managers?|Misc)$")]
    private static partial Regex Vague();

    // Written apart, so that this file is not its own finding.
    [GeneratedRegex(@"\b(?:TO" + "DO|FIX" + "ME|HA" + "CK|XX" + @"X)\b")]
    private static partial Regex Note();
}
