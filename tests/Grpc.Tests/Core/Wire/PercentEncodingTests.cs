using Grpc.Core.Wire;
using Xunit;

namespace Grpc.Tests.Core.Wire;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" plain ~ text", " plain ~ text")]
    [InlineData("100%", "100%25")]
    [InlineData("a\r\nb\tc\u007f", "a%0D%0Ab%09c%7F")]
    [InlineData("naïve", "na%C3%AFve")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void Encode_ThenDecode_GivesTheTextBack(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz", "%zz")]
    [InlineData("%%41", "%A")]
    [InlineData("%c3%af", "ï")]
    [InlineData("%FF", "\uFFFD")]
    public void Decode_OfWhatIsNoEscape_KeepsTheRest(string encoded, string text)
    {
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Fact]
    public void Encode_OfALoneSurrogate_IsTheReplacementCharacter()
    {
        Assert.Equal("%EF%BF%BD", PercentEncoding.Encode("\ud83d"));
    }
}
