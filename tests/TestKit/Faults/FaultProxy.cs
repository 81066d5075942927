using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChatGrpc.TestKit.Faults;

/// <summary>
/// A network that fails as it is told: a relay of TCP on the loopback interface, with a plan for each connection.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<FaultyConnection, Task> _open = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<FaultPlan> _plan;
    private readonly int _port;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _faults;

    private FaultProxy(Uri target, Func<FaultPlan> plan)
    {
        _plan = plan;
        _flowing.SetResult();
        _port = target.Port;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = new UriBuilder(target) { Port = ((IPEndPoint)_listener.LocalEndPoint!).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public Uri Address { get; }

    /// <summary>How many connections met their fault so far.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Ends when the first connection is held.</summary>
    public Task Held => _held.Task;

    /// <param name="target">The server.</param>
    /// <param name="plan">Asked for each connection, one after the other.</param>
    public static FaultProxy Start(Uri target, Func<FaultPlan> plan) => new(target, plan);

    /// <summary>What was held goes on, as after a delay; what is held later, too.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Resets every connection that is open now; those that come later have their plans.</summary>
    public void Cut()
    {
        foreach (var connection in _open.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>
    /// Nothing passes on any connection, in either direction, until it flows again; new ones are taken. Nobody is told.
    /// </summary>
    public void Freeze() => _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was sent while nothing passed arrives.</summary>
    public void Flow() => _flowing.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _open.Keys)
        {
            connection.Dispose();
        }

        Release();
        Flow();
        await Task.WhenAll(_open.Values).InTime();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                var connection = new FaultyConnection(client, _port, _plan(), CountAsync, () => _flowing.Task);
                _open[connection] = ServeAsync(connection);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(FaultyConnection connection)
    {
        await Task.Yield();
        await connection.RunAsync();
        _ = _open.TryRemove(connection, out _);
    }

    // Returns at once, but for what is held: when that is released.
    private Task CountAsync(Fault fault)
    {
        _ = Interlocked.Increment(ref _faults);
        if (fault != Fault.Hold)
        {
            return Task.CompletedTask;
        }

        _ = _held.TrySetResult();
        return _released.Task;
    }
}
