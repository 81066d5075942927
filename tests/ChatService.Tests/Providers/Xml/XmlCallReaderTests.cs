using System.Text;
using System.Text.RegularExpressions;
using ChatGrpc.Providers.Xml;

namespace ChatGrpc.Tests.Providers.Xml;

public sealed class XmlCallReaderTests
{
    // Never the sign that closes a tag, so that all of it is text.
    private static readonly string[] Fragments =
    [
        "<", "<<", "<t", "<tool_", "<tool_call", "<tool_call ", " name", "name", "=", " ", "\n", "\"", "'", "\"a\"",
        "'b' ", "/", "`", "```", "</tool_call", "x", "日", "<b", "l", "call",
    ];

    [Fact]
    public void Read_TextThatIsNoCall_ShownAtOnceButForTheBeginningOfOne()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var fragments = Enumerable.Range(0, 30).Select(_ => Fragments[random.Next(Fragments.Length)]);
            var text = string.Concat(fragments) + ".";
            var reader = new XmlCallReader();
            var shown = new StringBuilder();
            for (var at = 0; at < text.Length; at++)
            {
                foreach (var said in reader.Read(text.AsSpan(at, 1)))
                {
                    _ = shown.Append(said.Text);
                }

                var soFar = text[..(at + 1)];
                Assert.StartsWith(shown.ToString(), soFar, StringComparison.Ordinal);
                Assert.True(
                    shown.Length >= soFar.Length - MayBegin.Match(soFar).Length,
                    $"round {round}: '{shown}' of '{soFar}'");
            }

            Assert.Equal(text, shown.ToString());
            Assert.Equal(0, reader.Count);
        }
    }

    [Fact]
    public void Read_BlanksWithoutEndInATag_AreText()
    {
        var reader = new XmlCallReader();

        var said = reader.Read("<tool_call" + new string(' ', 1_000));

        Assert.Equal(1_010, Assert.Single(said).Text.Length);
        Assert.False(reader.IsInCall);
    }

    // Another way to say what may still become an opening tag: the end of a text that is a beginning of one.
    private static Regex MayBegin { get; } = new(Beginning());

    private static string Beginning()
    {
        var rest = "\\s*/?";
        var name = $"(?:\"[\\w-]{{0,64}}|'[\\w-]{{0,64}}|\"[\\w-]{{1,64}}\"{rest}|'[\\w-]{{1,64}}'{rest})?";
        var pieces = "<tool_call".Select(unit => $"{unit}").Append("\\s+")
            .Concat("name".Select(unit => $"{unit}")).Append("\\s*").Append("=").Append("\\s*");
        return pieces.Skip(1).Reverse().Aggregate(name, (inner, piece) => $"(?:{piece}{inner})?")
            .Insert(0, "<") + "$";
    }
}
