using Grpc.Core;
using Xunit;

namespace Grpc.Tests.Core.Headers;

public sealed class MetadataTests
{
    [Fact]
    public void Add_OfAnUpperCaseKey_LowersIt()
    {
        var metadata = new Metadata { { "X-Trace.Id_1", "v" } };

        Assert.Equal("x-trace.id_1", metadata[0].Key);
        Assert.Equal("v", metadata.GetValue("X-TRACE.ID_1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("ключ")]
    [InlineData("a\n")]
    public void Add_OfAnInvalidKey_Throws(string key)
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { key, "v" } });
    }

    [Theory]
    [InlineData("a\r\nb: c")]
    [InlineData("a\0")]
    [InlineData("é")]
    public void Add_OfAValueBeyondPrintableAscii_Throws(string value)
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { "key", value } });
    }

    [Fact]
    public void Add_OfTextUnderABinaryKey_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { "key-bin", "v" } });
    }

    [Fact]
    public void Add_OfBytesUnderATextKey_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { "key", [1] } });
    }

    [Fact]
    public void ValueBytes_OfABinaryEntry_IsACopy()
    {
        byte[] source = [1];
        var entry = new Metadata.Entry("a-bin", source);
        source[0] = 2;

        entry.ValueBytes[0] = 3;

        Assert.True(entry.IsBinary);
        Assert.Equal([1], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
    }

    [Fact]
    public void Get_OfARepeatedKey_IsTheLast()
    {
        var metadata = new Metadata { { "a", "1" }, { "b", "2" }, { "A", "3" } };

        Assert.Equal("3", metadata.GetValue("a"));
        Assert.Equal(["1", "3"], metadata.GetAll("a").Select(entry => entry.Value));
        Assert.Null(metadata.Get("c"));
        Assert.Equal("2"u8.ToArray(), metadata.GetValueBytes("b"));
    }

    [Fact]
    public void Empty_OnChange_Throws()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "1"));
    }
}
