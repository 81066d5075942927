using Grpc.Core.Wire;
using Xunit;

namespace Grpc.Tests.Core.Wire;

public sealed class BinaryHeaderTests
{
    [Theory]
    [InlineData(new byte[0], "")]
    [InlineData(new byte[] { 0 }, "AA")]
    [InlineData(new byte[] { 0, 1 }, "AAE")]
    [InlineData(new byte[] { 0, 1, 2 }, "AAEC")]
    [InlineData(new byte[] { 0xFF, 0xFE }, "//4")]
    public void Encode_OfBytes_IsUnpaddedAndDecodesBack(byte[] bytes, string text)
    {
        Assert.Equal(text, BinaryHeader.Encode(bytes));
        Assert.True(BinaryHeader.TryDecode(text, out var decoded));
        Assert.Equal(bytes, decoded);
    }

    [Theory]
    [InlineData("AA==")]
    [InlineData("AA")]
    [InlineData(" AA ")]
    public void TryDecode_WithOrWithoutPadding_IsTheSame(string text)
    {
        Assert.True(BinaryHeader.TryDecode(text, out var decoded));
        Assert.Equal([0], decoded);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("A=A")]
    [InlineData("A A")]
    [InlineData("A\tAA")]
    [InlineData("-_-_")]
    [InlineData("AA,AA")]
    [InlineData("ééé")]
    public void TryDecode_OfNoBase64_IsFalse(string text)
    {
        Assert.False(BinaryHeader.TryDecode(text, out var decoded));
        Assert.Empty(decoded);
    }

    [Fact]
    public void TryDecode_OfALongValue_DecodesBack()
    {
        var bytes = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();

        Assert.True(BinaryHeader.TryDecode(BinaryHeader.Encode(bytes), out var decoded));

        Assert.Equal(bytes, decoded);
    }
}
