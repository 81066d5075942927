using System.Buffers;
using System.Text;
using ChatGrpc.Ports;

namespace ChatService.Tests.Ports;

public sealed class Http2PrefaceTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("P", null)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r", null)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore", true)]
    [InlineData("POST / HTTP/1.1\r\n", false)]
    [InlineData("PRI * HTTP/1.1\r\n", false)]
    [InlineData("\u0016\u0003\u0001", false)]
    public void Judge_FirstBytes_TellsAsSoonAsItCan(string start, bool? expected) =>
        Assert.Equal(expected, Http2Preface.Judge(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(start))));
}
