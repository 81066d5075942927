using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Calls;
using Grpc.AspNetCore.Server.Streams;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.Tests.Server;

/// <summary>What a token costs in this library alone, without the server and the client around it.</summary>
public sealed class AllocationTests
{
    private const int Messages = 20_000;
    private const int MostBytesAMessage = 16;

    private static readonly Marshaller<CountResponse> Marshaller = Marshallers.Create<CountResponse>(
        (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => CountResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    [Fact]
    public async Task Write_InSteadyState_AllocatesNextToNothing()
    {
        var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false));
        await using var call = Call(new PipeBody(pipe.Writer));
        var stream = new ResponseStream<CountResponse>(call, Marshaller);
        var message = new CountResponse { Index = 1, Text = " token" };

        long WriteAll()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Messages; i++)
            {
                Assert.True(stream.WriteAsync(message).IsCompletedSuccessfully);
                Assert.True(pipe.Reader.TryRead(out var read));
                pipe.Reader.AdvanceTo(read.Buffer.End);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        WriteAll();

        Assert.InRange(WriteAll() / (double)Messages, 0, MostBytesAMessage);
    }

    private static ServerCall Call(IHttpResponseBodyFeature body)
    {
        var http = new DefaultHttpContext();
        http.Features.Set(body);
        var method = new Method<CountResponse, CountResponse>(
            MethodType.DuplexStreaming, "service", "Method", Marshaller, Marshaller);
        return new ServerCall(http, WireMode.Grpc, method, new RequestHead([]), TimeProvider.System);
    }

    private sealed class PipeBody(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
