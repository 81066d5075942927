using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>The responses of a call, each handed over as soon as its last byte has arrived.</summary>
internal sealed class ResponseStream<T>(GrpcCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T>
    where T : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private T? _current;
    private bool _reading;

    public T Current => _current ?? throw new InvalidOperationException("There is no message to take.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, true))
        {
            throw new InvalidOperationException("The previous message is still being read.");
        }

        _current = null;
        try
        {
            // Several messages often arrive in one read: those after the first cost neither a wait nor a task.
            if (call.Responded.IsCompleted && !cancellationToken.IsCancellationRequested && TryReadArrived())
            {
                Volatile.Write(ref _reading, false);
                return True;
            }
        }
        catch (RpcException e)
        {
            Volatile.Write(ref _reading, false);
            return Task.FromException<bool>(e);
        }

        return ReadAsync(cancellationToken);
    }

    /// <summary>The one message of a unary call, once the call has ended with OK.</summary>
    public async Task<T> SingleAsync()
    {
        // That there is exactly one message is part of the status, so neither a missing nor a second one gets here.
        await MoveNext(CancellationToken.None).ConfigureAwait(false);
        var message = Current;
        await MoveNext(CancellationToken.None).ConfigureAwait(false);
        return message;
    }

    private bool TryReadArrived()
    {
        if (!call.TryEnterRead())
        {
            return false;
        }

        try
        {
            return call.TryRead(marshaller, out _current!);
        }
        finally
        {
            call.ExitRead();
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(static state => ((GrpcCall)state!).Cancel(), call);
        var entered = false;
        try
        {
            await call.Responded.ConfigureAwait(false);
            entered = call.TryEnterRead();
            if (!entered)
            {
                return call.EndedWithOk();
            }

            while (!call.TryRead(marshaller, out _current!))
            {
                if (!await call.FillAsync().ConfigureAwait(false))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            registration.Unregister();
            if (entered)
            {
                call.ExitRead();
            }

            Volatile.Write(ref _reading, false);
        }
    }
}
