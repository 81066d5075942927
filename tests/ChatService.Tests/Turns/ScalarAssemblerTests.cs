using System.Buffers;
using System.Text;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class ScalarAssemblerTests
{
    private const string Whole = "a😀\u200D🏳️‍🌈é\U0010FFFF\uFFFDz";

    // No theory: attributes keep their texts as UTF-8, which has no halves.
    private static readonly (string Broken, string Expected)[] Broken =
    [
        ("\0", "\uFFFD"),
        ("a\0b\0", "a\uFFFDb\uFFFD"),
        ("\uD83D", "\uFFFD"),
        ("\uDE00", "\uFFFD"),
        ("\uDE00\uD83D", "\uFFFD\uFFFD"),
        ("\uD83D\uD83D\uDE00", "\uFFFD😀"),
        ("\uD83Dx", "\uFFFDx"),
        ("\uD83D\0\uDE00", "\uFFFD\uFFFD\uFFFD"),
        ("x\uDE00\uDE00y", "x\uFFFD\uFFFDy"),
    ];

    [Fact]
    public void Next_CleanText_TheSameInstance()
    {
        var assembler = new ScalarAssembler();

        Assert.Same(Whole, assembler.Next(Whole));
        Assert.Equal("", assembler.Next(""));
        Assert.Equal("", assembler.End());
    }

    [Fact]
    public void Next_EverySplitInThree_WholeScalarsAndTheSameText()
    {
        for (var i = 0; i <= Whole.Length; i++)
        {
            for (var j = i; j <= Whole.Length; j++)
            {
                Assert.Equal(Whole, Assemble(Whole[..i], Whole[i..j], Whole[j..]));
            }
        }
    }

    [Fact]
    public void Next_UnitByUnit_TheSameText() =>
        Assert.Equal(Whole, Assemble([.. Whole.Select(unit => $"{unit}")]));

    [Fact]
    public void Next_BrokenText_EachHalfAndNulReplacedHoweverSplit()
    {
        foreach (var (broken, expected) in Broken)
        {
            for (var i = 0; i <= broken.Length; i++)
            {
                Assert.Equal(expected, Assemble(broken[..i], broken[i..]));
                Assert.Equal(expected, Assemble(broken[..i], "", broken[i..]));
            }
        }
    }

    [Fact]
    public void Next_HalfAPair_IsHeldUntilItsOtherHalf()
    {
        var assembler = new ScalarAssembler();

        Assert.Equal("a", assembler.Next("a\uD83D"));
        Assert.Equal("", assembler.Next(""));
        Assert.Equal("😀b", assembler.Next("\uDE00b"));
        Assert.Equal("", assembler.End());
    }

    [Fact]
    public void End_HalfAPairHeld_OnceReplaced()
    {
        var assembler = new ScalarAssembler();
        Assert.Equal("", assembler.Next("\uD83D"));

        Assert.Equal("\uFFFD", assembler.End());
        Assert.Equal("", assembler.End());
        Assert.Equal("x", assembler.Next("x"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Next_RandomUnits_AsIfTheyHadComeAtOnce(int seed)
    {
        const string Units = "ab\0\uD83D\uDE00\uD83C\uDF0D";
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var deltas = Enumerable.Range(0, random.Next(1, 8))
                .Select(_ => string.Concat(random.GetItems<char>(Units, random.Next(0, 4))))
                .ToArray();
            var clean = string.Concat(deltas).EnumerateRunes()
                .Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune);
            Assert.Equal(string.Concat(clean), Assemble(deltas));
        }
    }

    private static string Assemble(params string[] deltas)
    {
        var assembler = new ScalarAssembler();
        var shown = deltas.Select(assembler.Next).ToList();
        shown.Add(assembler.End());
        Assert.All(shown, text => Assert.True(IsWhole(text), text));
        return string.Concat(shown);
    }

    private static bool IsWhole(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }
}
