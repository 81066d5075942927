namespace Tidy.Tests;

/// <summary>A place where a rule does not hold, and the rule in a sentence.</summary>
internal sealed record Finding(string Path, int Line, string Sentence)
{
    public override string ToString() => $"{Path}:{Line}: {Sentence}";
}
