namespace Tidy.Tests.Names;

public sealed class NameTests
{
    [Fact]
    public void SayWhatTheyHold_ThisRepository_Holds() => Repository.Obeys(NameRules.SayWhatTheyHold);

    [Theory]
    [InlineData("src/Common/A.cs", "class A;", 1)]
    [InlineData("src/Turns/Helpers/A.cs", "class A;", 1)]
    [InlineData("web/Utils.ts", "", 1)]
    [InlineData("src/A.cs", "class StreamHelper;\nrecord TurnManager;", 2)]
    [InlineData("src/A.cs", "static class CommonThings;", 1)]
    [InlineData("src/A.cs", "class Commons;\nclass ManagerOfTurns;\n// class Helper", 0)]
    public void SayWhatTheyHold_VagueName_IsFound(string path, string text, int findings) =>
        Assert.Equal(findings, NameRules.SayWhatTheyHold(new SourceFile(path, text)).Count());

    [Fact]
    public void NoNotesToOneself_ThisRepository_Holds() => Repository.Obeys(NameRules.NoNotesToOneself);

    [Theory]
    [InlineData("TO" + "DO")]
    [InlineData("FIX" + "ME")]
    [InlineData("HA" + "CK")]
    [InlineData("XX" + "X")]
    public void NoNotesToOneself_Note_IsFoundInAnyFile(string note)
    {
        Assert.Single(NameRules.NoNotesToOneself(new SourceFile("src/A.cs", $"int x; // {note}: later\n")));
        Assert.Single(NameRules.NoNotesToOneself(new SourceFile("docs/a.md", $"- {note} the rest\n")));
        Assert.Empty(NameRules.NoNotesToOneself(new SourceFile("docs/a.md", $"{note}S are not one\n")));
    }
}
