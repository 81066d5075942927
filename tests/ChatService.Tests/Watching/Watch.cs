using Chat.V1;
using ChatGrpc.Endpoints;
using ChatGrpc.Model;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Watching;

namespace ChatGrpc.Tests.Watching;

/// <summary>A watcher as its endpoint runs it, asked for one response at a time, as by a slow caller.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly WatchedSessions _sessions;
    private readonly TurnScene _scene;
    private readonly SessionWatcher _watcher;
    private readonly IAsyncEnumerator<SessionUpdate> _updates;
    private readonly List<WatchSessionResponse> _responses = [];
    private Task<bool>? _next;

    public Watch(TurnScene scene, WatchSessionRequest request, string tenant = TurnScene.Tenant)
    {
        _scene = scene;
        Assert.Null(WatchedSessions.Read(tenant, request, out _sessions));
        _watcher = scene.Watching.Open(tenant, _sessions.Starts);
        _updates = _watcher.ReadAllAsync(_gone.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    public Watch(TurnScene scene, string session = "session", string cursor = "", string tenant = TurnScene.Tenant)
        : this(scene, new WatchSessionRequest { SessionId = session, Cursor = cursor }, tenant)
    {
    }

    public IReadOnlyList<WatchSessionResponse> Responses => _responses;

    /// <summary>The last one.</summary>
    public string Cursor => _responses.LastOrDefault(told => told.Cursor.Length > 0)?.Cursor ?? "";

    /// <summary>Why it ended.</summary>
    public Failure? Failure => _watcher.Failure;

    /// <summary>Lets the watcher look for more; true: it has found nothing, and waits.</summary>
    public bool IsQuiet()
    {
        _next ??= _updates.MoveNextAsync().AsTask();
        return !_next.IsCompleted;
    }

    /// <summary>Null: the watch has ended.</summary>
    public async Task<WatchSessionResponse?> NextAsync()
    {
        var next = _next ?? _updates.MoveNextAsync().AsTask();
        _next = null;
        if (!await next.InTime())
        {
            return null;
        }

        _responses.Add(_sessions.Answer(_updates.Current));
        return _responses[^1];
    }

    public async Task<WatchSessionResponse> UntilAsync(Func<WatchSessionResponse, bool> wanted)
    {
        while (await NextAsync() is { } next)
        {
            if (wanted(next))
            {
                return next;
            }
        }

        throw new InvalidOperationException($"It ended with {Failure?.Reason} before that.");
    }

    /// <summary>Not if it was told before.</summary>
    public async Task UntilSeenAsync(Func<WatchSessionResponse, bool> wanted)
    {
        if (!_responses.Any(wanted))
        {
            _ = await UntilAsync(wanted);
        }
    }

    /// <summary>Until nothing runs in the session, after something did.</summary>
    public Task<WatchSessionResponse> UntilIdleAsync() =>
        UntilAsync(told => told.Session is { RunningStreamId: "" });

    /// <summary>Until nothing runs in any of them.</summary>
    public async Task UntilIdleAsync(params string[] sessions)
    {
        bool IsIdle(string session) => _responses.LastOrDefault(
            told => told.SessionId == session && told.Session is not null)?.Session.RunningStreamId == "";
        while (!Array.TrueForAll(sessions, IsIdle))
        {
            Assert.NotNull(await NextAsync());
        }
    }

    /// <summary>Until an answer is told that has ended.</summary>
    public Task<WatchSessionResponse> UntilAnsweredAsync() =>
        UntilAsync(told => told.Message is { Role: MessageRole.Assistant } answer && WatchedView.IsFinal(answer));

    /// <summary>All that there is to tell, as the service tells it before it stops.</summary>
    public async Task<IReadOnlyList<WatchSessionResponse>> RestAsync()
    {
        var told = _responses.Count;
        _scene.Signals.End();
        await ToEndAsync();
        return _responses[told..];
    }

    public async Task ToEndAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        if (_next is not null)
        {
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _next.InTime());
        }

        await _updates.DisposeAsync();
        _watcher.Dispose();
        _gone.Dispose();
    }
}
