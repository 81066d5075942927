using System.Globalization;
using System.Text;
using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Tests.Providers.Wire;

public sealed class WireTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("a \"b\" \\ / \b \f \n \r \t c")]
    [InlineData("日本語 😀 مرحبا e\u0301")]
    [InlineData("\0")]
    public void Read_EscapedInEveryWay_TheSameText(string text)
    {
        Assert.Equal(text, Read(Escaped(text, "x4")));
        Assert.Equal(text, Read(Escaped(text, "X4")));
        Assert.Equal(text, Read(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void Read_HalvesOfAPair_TheirUnits()
    {
        // Not in the table: an attribute cannot hold half a character.
        Assert.Equal("\ud83d", Read(Escaped("\ud83d", "x4")));
        Assert.Equal("x\ude00y", Read(Escaped("x\ude00y", "x4")));
        Assert.Equal("\ude00\ud83d", Read(Escaped("\ude00\ud83d", "X4")));
    }

    [Fact]
    public void Read_ShortEscapes_TheirCharacters() =>
        Assert.Equal("\b\f\n\r\t\"\\/", Read("""  "\b\f\n\r\t\"\\\/"  """));

    [Fact]
    public void Read_BytesOfACharacterInTwoDeltas_HeldUntilWhole()
    {
        var text = new WireText();
        var emoji = Encoding.UTF8.GetBytes("😀");

        Assert.Equal("a", Read(text, [(byte)'"', (byte)'a', .. emoji[..3], (byte)'"']));
        Assert.Equal("😀b", Read(text, [(byte)'"', emoji[3], (byte)'b', (byte)'"']));
        Assert.Equal("", text.Flush());
    }

    [Fact]
    public void Flush_BytesThatNeverBecameACharacter_ReplacementCharacter()
    {
        var text = new WireText();

        Assert.Equal("a", Read(text, [(byte)'"', (byte)'a', 0xF0, 0x9F, (byte)'"']));
        Assert.Equal("\ufffd", text.Flush());
        Assert.Equal("", text.Flush());
    }

    [Fact]
    public void Read_BytesThatAreNoText_ReplacementCharacters() =>
        Assert.Equal("a\ufffdb\ufffd\n", Read(new WireText(), [.. "\"a"u8, 0xFF, .. "b"u8, 0xE3, 0x81, .. "\\n\""u8]));

    [Fact]
    public void Read_MoreThanTheStackHolds_Whole()
    {
        var text = string.Concat(Enumerable.Repeat("ab日\n", 10_000));

        Assert.Equal(text, Read(JsonSerializer.Serialize(text)));
        Assert.Equal(text, Read($"\"{text.Replace("\n", "\\n", StringComparison.Ordinal)}\""));
    }

    private static string Escaped(string text, string format) =>
        $"\"{string.Concat(text.Select(unit => $"\\u{((int)unit).ToString(format, CultureInfo.InvariantCulture)}"))}\"";

    private static string Read(string json) => Read(new WireText(), Encoding.UTF8.GetBytes(json));

    private static string Read(WireText text, byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        Assert.True(reader.Read());
        return text.Read(ref reader);
    }
}
