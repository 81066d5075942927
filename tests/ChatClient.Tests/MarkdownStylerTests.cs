using System.Text.RegularExpressions;
using ChatGrpc.Client.Rendering;

namespace ChatClient.Tests;

public sealed partial class MarkdownStylerTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a **b** c", "a [2]**[1]b[2]**[] c[]")]
    [InlineData("*i* and _j_", "[2]*[3]i[2]*[] and [2]_[3]j[2]_[]")]
    [InlineData("***x***", "[2]***[1;3]x[2]***[]")]
    [InlineData("**a *b* c**", "[2]**[1]a [2]*[1;3]b[2]*[1] c[2]**[]")]
    [InlineData("`code *not*` x", "[2]`[36]code *not*[2]`[] x[]")]
    [InlineData("``a ` b``", "[2]``[36]a ` b[2]``[]")]
    [InlineData("# Head\ntext", "[2]#[1] Head[]\ntext")]
    [InlineData("####### no", "####### no")]
    [InlineData("#tag", "#tag")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4")]
    [InlineData("2*3*4", "2*3*4")]
    [InlineData("snake_case_name", "snake_case_name")]
    [InlineData("* item\n* other", "* item\n* other")]
    [InlineData("~tilde~ ****", "~tilde~ ****")]
    [InlineData("```cs\nvar *x*;\n```\nafter", "[2]```cs[]\n[36]var *x*;[]\n[2]```[]\nafter")]
    [InlineData("~~~\n```\n~~~", "[2]~~~[]\n[36]```[]\n[2]~~~[]")]
    [InlineData("open **bold\n\nnext", "open [2]**[1]bold[]\n\nnext")]
    public void Write_Markdown_InStyles(string text, string expected)
    {
        var styler = new MarkdownStyler();

        var styled = styler.Write(text) + styler.End();

        // As codes in brackets; what only ends a style at the end of the text is left out of the samples.
        Assert.Equal(expected.TrimEnd('[', ']'), Codes(styled).TrimEnd('[', ']'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Write_AnyTextInAnyDeltas_TheSameStylesAndTheWholeText(int seed)
    {
        string[] words =
        [
            "*", "**", "***", "_", "__", "`", "``", "```", "~~~", "#", "## ", " ", "\n", "\n\n", "- ", "a", "b c",
            "日本", "😀", "(", ")", "x_y", "2*3", ".",
        ];
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(random.GetItems(words, random.Next(1, 30)));
            var whole = new MarkdownStyler();
            var styled = whole.Write(text) + whole.End();

            var split = new MarkdownStyler();
            var pieces = "";
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(random.Next(1, 5), text.Length - at);
                pieces += split.Write(text.Substring(at, length));
                at += length;
            }

            Assert.Equal(text, Style().Replace(styled, ""));
            Assert.Equal(styled, pieces + split.End());
        }
    }

    [Theory]
    [InlineData("word")]
    [InlineData("ends with space ")]
    [InlineData("line\n")]
    [InlineData("(")]
    public void Write_TextWithoutMarksAtItsEnd_IsShownAtOnce(string text) =>
        Assert.Equal(text, Style().Replace(new MarkdownStyler().Write(text), ""));

    private static string Codes(string styled) =>
        Style().Replace(styled, match => match.Value == "\e[0m" ? "[]" : $"[{match.Value[4..^1]}]");

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Style();
}
