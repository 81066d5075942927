using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Tests.Server.Kit;

namespace Grpc.Tests.Hardening;

/// <summary>Stands around every handler and counts those that were entered and those that have left.</summary>
internal sealed class CallCounter : Interceptor
{
    private readonly Lock _lock = new();
    private readonly List<(Func<bool> Wanted, TaskCompletionSource Reached)> _waits = [];

    public long Entered { get; private set; }

    public long Left { get; private set; }

    /// <summary>Ends when no handler runs.</summary>
    public Task Drained() => Reaches(() => Left == Entered);

    /// <summary>Ends when so many handlers have been entered.</summary>
    public Task Reaches(long entered) => Reaches(() => Entered >= entered);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter();
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter();
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter();
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter();
        await continuation(requestStream, responseStream, context);
    }

    private Visit Enter()
    {
        lock (_lock)
        {
            Entered++;
            TellWaits();
        }

        return new Visit(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            Left++;
            TellWaits();
        }
    }

    private Task Reaches(Func<bool> wanted)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waits.Add((wanted, reached));
            TellWaits();
        }

        return reached.Task.WithinLimit();
    }

    private void TellWaits() => _waits.RemoveAll(wait => wait.Wanted() && wait.Reached.TrySetResult());

    private sealed class Visit(CallCounter counter) : IDisposable
    {
        public void Dispose() => counter.Leave();
    }
}
