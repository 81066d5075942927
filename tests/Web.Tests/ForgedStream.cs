using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using Google.Protobuf;
using Microsoft.Playwright;

namespace Web.Tests;

/// <summary>Answers of gRPC-Web that no service gives, put before the page in place of the service's.</summary>
internal static class ForgedStream
{
    private const byte Message = 0;
    private const byte Trailers = 0x80;

    /// <summary>A stream that says one word, and proves it.</summary>
    public static List<StreamChatResponse> Honest() =>
    [
        new() { SessionInfo = new() { StreamId = "stream", SessionId = "forged", Model = "forger", Epoch = 1 } },
        new() { Sequence = 1, Token = new() { Text = "Word", Channel = TokenChannel.Answer } },
        new() { Sequence = 2, Done = new() { FinishReason = FinishReason.Stop } },
        new() { Sequence = 3, ResponseSaved = new() },
        new()
        {
            Sequence = 4,
            StreamEnd = new()
            {
                State = StreamState.Completed,
                LastSequence = 4,
                AnswerSha256 = Convert.ToHexStringLower(SHA256.HashData("Word"u8)),
            },
        },
    ];

    /// <summary>From now on this answers StreamChat.</summary>
    /// <param name="page">The page.</param>
    /// <param name="events">The messages.</param>
    /// <param name="trailers">What ends the call, as grpc-status: 0; nothing: the body just ends.</param>
    public static Task ForgeAsync(this IPage page, IEnumerable<StreamChatResponse> events, string trailers) =>
        page.RouteAsync("**/StreamChat", route => AnswerAsync(route, events, trailers));

    public static Task AnswerAsync(IRoute route, IEnumerable<StreamChatResponse> events, string trailers)
    {
        var body = new MemoryStream();
        foreach (var next in events)
        {
            Write(body, Message, next.ToByteArray());
        }

        if (trailers.Length > 0)
        {
            Write(body, Trailers, Encoding.ASCII.GetBytes(trailers + "\r\n"));
        }

        return route.FulfillAsync(new() { ContentType = "application/grpc-web+proto", BodyBytes = body.ToArray() });
    }

    private static void Write(MemoryStream body, byte flag, byte[] bytes)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], bytes.Length);
        body.Write(head);
        body.Write(bytes);
    }
}
