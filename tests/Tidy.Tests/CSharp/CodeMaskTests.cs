namespace Tidy.Tests.CSharp;

public sealed class CodeMaskTests
{
    [Theory]
    [InlineData("a(); // Wait()", "a();          ")]
    [InlineData("a(/* b\n c */);", "a(    \n     );")]
    [InlineData("x = \"// no\";", "x = \"     \";")]
    [InlineData("x = \"\\\"q\"; y", "x = \"   \"; y")]
    [InlineData("x = @\"a\"\"b\\\"; y", "x = @\"     \"; y")]
    [InlineData("c = '\"'; y", "c =    ; y")]
    [InlineData("c = '\\''; y", "c =     ; y")]
    [InlineData("x = $\"a {b.Result} c\"; y", "x = $\"   b.Result   \"; y")]
    [InlineData("x = $\"{{a}} {(b ? \"c\" : d)}\"; y", "x = $\"       (b ? \" \" : d) \"; y")]
    [InlineData("x = \"\"\"a \"b\" {c}\"\"\"; y", "x = \"\"\"         \"\"\"; y")]
    [InlineData("x = $$\"\"\"{a} {{b}}\"\"\"; y", "x = $$\"\"\"      b  \"\"\"; y")]
    [InlineData("@event = \"\"; y", "@event = \"\"; y")]
    public void Of_CommentsAndLiterals_LeavesCodeInItsPlace(string text, string code) =>
        Assert.Equal(code, CodeMask.Of(text));

    [Fact]
    public void Of_EveryFileHere_KeepsEveryLine() =>
        Assert.All(
            Repository.Files.Where(file => file.IsCSharp),
            file => Assert.Equal(file.Text.Count(c => c == '\n'), file.Code.Count(c => c == '\n')));

    [Fact]
    public void Of_EveryFileHere_LeavesBracesInBalance() =>
        Assert.All(
            Repository.Files.Where(file => file.IsCSharp),
            file => Assert.True(
                file.Code.Count(c => c == '{') == file.Code.Count(c => c == '}'), $"{file.Path} is not in balance."));
}
