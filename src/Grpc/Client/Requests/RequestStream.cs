using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Client.Calls;

namespace Grpc.Net.Client.Requests;

/// <summary>The requests of a call, each of which is with the transport before the next may be written.</summary>
/// <param name="ended">Ends when the call does.</param>
internal sealed class RequestStream<T>(
    GrpcCall call, RequestBody body, Marshaller<T> marshaller, int? maxMessageBytes, Task ended)
    : IClientStreamWriter<T>
    where T : class
{
    private readonly ArrayBufferWriter<byte> _frame = new();
    private bool _writing;
    private bool _complete;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        Enter();
        if (_complete)
        {
            Volatile.Write(ref _writing, false);
            throw new InvalidOperationException("The stream of requests is complete.");
        }

        var registration = cancellationToken.UnsafeRegister(static state => ((GrpcCall)state!).Cancel(), call);
        try
        {
            Frame(message);
            await SendAsync().ConfigureAwait(false);
        }
        finally
        {
            registration.Unregister();
            Volatile.Write(ref _writing, false);
        }
    }

    public Task CompleteAsync()
    {
        Enter();
        _complete = true;
        body.Close();
        Volatile.Write(ref _writing, false);
        return Task.CompletedTask;
    }

    private void Frame(T message)
    {
        try
        {
            _frame.ResetWrittenCount();
            new FrameWriter(_frame, maxMessageBytes).Write(message, marshaller);
        }
        catch (RpcException tooLarge)
        {
            call.Stop(tooLarge.Status);
            throw;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            var stream = await body.Opened.ConfigureAwait(false);
            await stream.WriteAsync(_frame.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
            await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (!TransportErrors.IsExpected(e) && e is not ObjectDisposedException)
            {
                // Nothing that a transport says when it stops: the response need not come to an end by it.
                call.Stop(new Status(StatusCode.Internal, "A request message could not be sent.", e));
            }

            // The server has answered already, or is away: what that comes to, the response tells.
            await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new RpcException(call.GetStatus(), call.GetTrailers());
        }
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _writing, true))
        {
            throw new InvalidOperationException("The previous message is still being written.");
        }
    }
}
