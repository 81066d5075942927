using System.Net;
using System.Net.Http.Headers;

namespace ChatGrpc.Bench.Parsing;

/// <summary>Answers each request with the same body, event by event as from a model that takes its time.</summary>
internal sealed class CannedAnswer(byte[] body) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = new StreamContent(new EventByEvent(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = content,
            RequestMessage = request,
        });
    }

    // A read gives no more than one event, and never waits.
    private sealed class EventByEvent(byte[] body) : MemoryStream(body, 0, body.Length, false, publiclyVisible: true)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override Task<int> ReadAsync(
            byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer.AsSpan(offset, count)));

        public override int Read(Span<byte> buffer)
        {
            var rest = GetBuffer().AsSpan((int)Position);
            var end = rest.IndexOf("\n\n"u8) is var at and >= 0 ? at + 2 : rest.Length;
            return base.Read(buffer[..Math.Min(end, buffer.Length)]);
        }
    }
}
