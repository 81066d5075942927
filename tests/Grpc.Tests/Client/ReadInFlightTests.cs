using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Xunit;

namespace Grpc.Tests.Client;

public sealed class ReadInFlightTests
{
    [Fact]
    public async Task Dispose_UnderAReadThatIgnoresCancellation_KeepsTheBufferUntilTheReadEnds()
    {
        var body = new StubbornStream();
        using var handler = new BodyHandler(body);
        using var channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = handler });
        var call = new EchoService.EchoServiceClient(channel).Count(new CountRequest());

        var read = call.ResponseStream.MoveNext();
        await body.ReadStarted.Task.Soon();
        call.Dispose();
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        Assert.False(body.IsDisposed);

        body.ReadResult.SetResult(0);
        Assert.Equal(StatusCode.Cancelled, (await read.FailsSoon()).StatusCode);
        Assert.True(body.IsDisposed);
    }

    private sealed class BodyHandler(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(body);
            content.Headers.ContentType = new("application/grpc");
            return Task.FromResult(new HttpResponseMessage { Content = content });
        }
    }

    private sealed class StubbornStream : MemoryStream
    {
        public TaskCompletionSource ReadStarted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<int> ReadResult { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsDisposed { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ReadStarted.SetResult();
            return new ValueTask<int>(ReadResult.Task);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
