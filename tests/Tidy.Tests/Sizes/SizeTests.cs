namespace Tidy.Tests.Sizes;

public sealed class SizeTests
{
    private static readonly Dictionary<string, string> NoReasons = [];

    [Fact]
    public void HardLimit_ThisRepository_Holds() => Repository.Obeys(SizeRules.HardLimit);

    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void HardLimit_File_CountsItsLines(int lines, int findings) =>
        Assert.Equal(findings, SizeRules.HardLimit(OfLines("src/A.cs", lines)).Count());

    [Fact]
    public void SoftLimit_ThisRepository_Holds() =>
        Repository.Obeys(files => SizeRules.SoftLimit(files, LargeFiles.Reasons));

    [Theory]
    [InlineData(250, 0)]
    [InlineData(251, 1)]
    public void SoftLimit_NoReason_CountsTheLines(int lines, int findings) =>
        Assert.Equal(findings, SizeRules.SoftLimit([OfLines("src/A.cs", lines)], NoReasons).Count());

    [Theory]
    [InlineData(251, "One table, better whole.", 0)]
    [InlineData(251, " ", 1)]
    [InlineData(250, "One table, better whole.", 1)]
    public void SoftLimit_InTheTable_NeedsAReasonAndToBeLarge(int lines, string reason, int findings)
    {
        var reasons = new Dictionary<string, string> { ["src/A.cs"] = reason };

        Assert.Equal(findings, SizeRules.SoftLimit([OfLines("src/A.cs", lines)], reasons).Count());
    }

    [Fact]
    public void Median_ThisRepository_Holds() => Repository.Obeys(SizeRules.Median);

    [Theory]
    [InlineData(80, 0)]
    [InlineData(81, 1)]
    public void Median_OfThreeFiles_IsTheMiddleOne(int middle, int findings) =>
        Assert.Equal(
            findings,
            SizeRules.Median([OfLines("src/A.cs", 1), OfLines("src/B.cs", middle), OfLines("src/C.cs", 400)]).Count());

    [Fact]
    public void Functions_ThisRepository_Holds() => Repository.Obeys(SizeRules.Functions);

    [Theory]
    [InlineData("src/A.cs", "class A\n{\n    void Run()\n    {\n", "    }\n}\n", 67, 0)]
    [InlineData("src/A.cs", "class A\n{\n    void Run()\n    {\n", "    }\n}\n", 68, 1)]
    [InlineData("run.sh", "run() {\n", "}\n", 68, 0)]
    [InlineData("run.sh", "run() {\n", "}\n", 69, 1)]
    public void Functions_OneOfThatLength_IsMeasured(string path, string head, string tail, int lines, int findings)
    {
        var body = string.Concat(Enumerable.Repeat("        Do;\n", lines));

        Assert.Equal(findings, SizeRules.Functions(new SourceFile(path, head + body + tail)).Count());
    }

    [Fact]
    public void Columns_ThisRepository_Holds() => Repository.Obeys(SizeRules.Columns);

    [Theory]
    [InlineData("src/A.cs", 120, 0)]
    [InlineData("src/A.cs", 121, 1)]
    [InlineData("protos/a.proto", 121, 1)]
    [InlineData("web/a.ts", 121, 1)]
    [InlineData("test.sh", 121, 1)]
    [InlineData("README.md", 121, 0)]
    [InlineData("src/Grpc/Core/Status/Protos/google/rpc/code.proto", 121, 0)]
    public void Columns_LineOfThatLength_IsMeasuredInCode(string path, int columns, int findings) =>
        Assert.Equal(findings, SizeRules.Columns(new SourceFile(path, new string('x', columns) + "\n")).Count());

    private static SourceFile OfLines(string path, int lines) =>
        new(path, string.Concat(Enumerable.Repeat("x\n", lines)));
}
