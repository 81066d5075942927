using System.Net;
using System.Net.Http.Headers;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Google.Rpc;

namespace Integration.Tests;

/// <summary>A call as it travels, for what clients of gRPC do not show or do not let one send.</summary>
/// <param name="Status">grpc-status.</param>
/// <param name="Message">grpc-message, encoded as it came.</param>
/// <param name="Details">grpc-status-details-bin, encoded as it came.</param>
/// <param name="Body">The frames of the answer.</param>
/// <param name="Headers">Of the answer.</param>
internal sealed record RawCall(
    string Status, string Message, string Details, byte[] Body, HttpResponseHeaders Headers)
{
    /// <summary>The reason of the ErrorInfo.</summary>
    public string Reason => Info.Reason;

    public ErrorInfo Info
    {
        get
        {
            Assert.Equal("chat.v1", AnyInfo.Domain);
            return AnyInfo;
        }
    }

    /// <summary>Also one of the gRPC stack, whose domain is grpc.</summary>
    public ErrorInfo AnyInfo
    {
        get
        {
            var bytes = Convert.FromBase64String(Details.PadRight((Details.Length + 3) / 4 * 4, '='));
            return Google.Rpc.Status.Parser.ParseFrom(bytes).Details[0].Unpack<ErrorInfo>();
        }
    }

    public static Task<RawCall> SendAsync(
        Uri server, string method, IMessage request, params (string Name, string Value)[] headers)
    {
        var message = request.ToByteArray();
        byte[] frame = [0, 0, 0, (byte)(message.Length >> 8), (byte)message.Length, .. message];
        return SendAsync(server, method, new ByteArrayContent(frame), headers);
    }

    public static async Task<RawCall> SendAsync(
        Uri server, string method, HttpContent body, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        body.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).InTime();
        var answer = await response.Content.ReadAsByteArrayAsync().InTime();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new RawCall(
            Value("grpc-status"), Value("grpc-message"), Value("grpc-status-details-bin"), answer, response.Headers);

        string Value(string name) =>
            response.Headers.TryGetValues(name, out var alone) ? alone.Single()
            : response.TrailingHeaders.TryGetValues(name, out var last) ? last.Single()
            : "";
    }
}
