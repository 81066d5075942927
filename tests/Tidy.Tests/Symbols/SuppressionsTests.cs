namespace Tidy.Tests.Symbols;

public sealed class SuppressionsTests
{
    [Fact]
    public void HaveReasons_ThisRepository_Holds() => Repository.Obeys(Suppressions.HaveReasons);

    [Theory]
    [InlineData("src/A.cs", "#pragma warning disable CA2012\n", 1)]
    [InlineData("src/A.cs", "int x; // a count\nint y;\n#pragma warning disable CA2012\n", 1)]
    [InlineData("src/A.cs", "#pragma warning disable CA2012 // The flush is awaited by Take.\n", 0)]
    [InlineData("src/A.cs", "// The flush is awaited by Take.\n#pragma warning disable CA2012\n", 0)]
    [InlineData("src/A.cs", "[SuppressMessage(\"Design\", \"CA1001\")]\nclass A;\n", 1)]
    [InlineData("src/A.cs", "[SuppressMessage(\"Design\", \"CA1001\", Justification = \"\")]\n", 1)]
    [InlineData("src/A.cs", "[SuppressMessage(\"Design\", \"CA1001\", Justification = \"Its user disposes.\")]\n", 0)]
    [InlineData("src/A.cs", "[assembly: SuppressMessage(\"Design\", \"CA1001\")]\n", 1)]
    [InlineData("src/A.csproj", "<Project>\n<NoWarn>NU1603</NoWarn>\n", 1)]
    [InlineData("src/A.csproj", "<PackageReference Include=\"A\" NoWarn=\"NU1603\" />\n", 1)]
    [InlineData("src/A.csproj", "<!-- The feed has no other. -->\n<NoWarn>NU1603</NoWarn>\n", 0)]
    [InlineData("Directory.Build.props", "<TreatWarningsAsErrors>false</TreatWarningsAsErrors>\n", 1)]
    [InlineData("docs/a.md", "<NoWarn>\n", 0)]
    public void HaveReasons_WarningSwitchedOff_NeedsItsReason(string path, string text, int findings) =>
        Assert.Equal(findings, Suppressions.HaveReasons(new SourceFile(path, text)).Count());
}
