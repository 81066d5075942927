namespace Tidy.Tests.Projects;

public sealed class ProjectTests
{
    private static readonly SourceFile Project = new("tests/A.Tests/A.Tests.csproj", "<Project />\n");

    [Fact]
    public void AreInTheSolution_ThisRepository_Holds() => Repository.Obeys(ProjectRules.AreInTheSolution);

    [Theory]
    [InlineData("Project(\"{1}\") = \"A.Tests\", \"tests\\A.Tests\\A.Tests.csproj\", \"{2}\"", 0)]
    [InlineData("Project(\"{1}\") = \"B.Tests\", \"tests\\B.Tests\\B.Tests.csproj\", \"{2}\"", 1)]
    public void AreInTheSolution_Project_IsLookedUp(string solution, int findings) =>
        Assert.Equal(
            findings, ProjectRules.AreInTheSolution([Project, new SourceFile("ChatGrpc.sln", solution)]).Count());

    [Fact]
    public void SuitesRun_ThisRepository_Holds() => Repository.Obeys(ProjectRules.SuitesRun);

    [Theory]
    [InlineData("budgets=(\n  \"A.Tests 60\"\n)\n", 0)]
    [InlineData("budgets=(\n)\n", 1)]
    [InlineData("budgets=(\n  \"A.Tests 60\"\n  \"B.Tests 60\"\n)\n", 1)]
    public void SuitesRun_Script_NamesExactlyTheSuites(string script, int findings) =>
        Assert.Equal(findings, ProjectRules.SuitesRun([Project, new SourceFile("test.sh", script)]).Count());

    [Fact]
    public void BudgetsAgree_ThisRepository_Holds() => Repository.Obeys(ProjectRules.BudgetsAgree);

    [Theory]
    [InlineData("| `A.Tests` | all | 60 s |", 0)]
    [InlineData("| `A.Tests` | all | 90 s |", 1)]
    [InlineData("", 1)]
    public void BudgetsAgree_Guide_TellsWhatTheScriptEnforces(string guide, int findings) =>
        Assert.Equal(
            findings,
            ProjectRules.BudgetsAgree(
                [new SourceFile("test.sh", "  \"A.Tests 60\"\n"), new SourceFile("CONTRIBUTING.md", guide)]).Count());
}
