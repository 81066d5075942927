using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnReaderTests : IAsyncDisposable
{
    private const int TailBytes = 2_000;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedStore _embedded;
    private readonly StoreGate _store;
    private readonly ManualTimeProvider _time = new();
    private readonly NewTurn _turn = Sample.Turn("session");
    private readonly TurnLog _log;

    public TurnReaderTests()
    {
        _embedded = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        _store = new StoreGate(_embedded);
        _log = new TurnLog(_turn.Stream.StreamId, epoch: 1, TailBytes, () => { });
    }

    public async ValueTask DisposeAsync()
    {
        await _embedded.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task ReadAll_ReadersOfEveryPace_EachEventOnceInOrder(int seed)
    {
        const int Count = 3_000;
        _ = await _store.OpenTurnAsync(_turn, CancellationToken.None);
        var readers = Enumerable.Range(0, 6).Select(i => Task.Run(() => ReadAsync(new Random(seed * 10 + i), i * 40)))
            .ToArray();
        var writing = Task.Run(() => WriteAsync(new Random(seed), Count));
        var flushing = Task.Run(() => FlushAsync(new Random(-seed)));

        await Task.WhenAll([writing, flushing, .. readers]).InTime();

        var stored = await _store.ReadEventsAsync(
            _turn.Stream.TenantId, _turn.Stream.StreamId, 0, int.MaxValue, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, Count + 3), stored.Select(e => (int)e.Sequence));
        foreach (var reader in readers)
        {
            Assert.Equal(stored, (await reader).Skip(1));
        }
    }

    [Fact]
    public async Task ReadAll_FellBehindTheTail_ReadsBackFromTheStore()
    {
        await LogFromTheStoreAsync(200);
        Assert.Equal(LogPosition.BeforeTail, _log.Read(0, out _));

        var read = await ReadAsync(new Random(1), mostYields: 0);

        Assert.Equal(Enumerable.Range(0, 204), read.Select(e => (int)e.Sequence));
    }

    [Fact]
    public async Task ReadAll_StoreCannotBeRead_EndsWithUnavailable()
    {
        await LogFromTheStoreAsync(200);
        _store.Down = true;
        var reader = Reader();

        var read = await reader.ReadAllAsync(CancellationToken.None).ToListAsync(CancellationToken.None).InTime();

        _ = Assert.Single(read);
        Assert.Same(TurnFailures.StoreAway, reader.Failure);
    }

    [Fact]
    public async Task ReadAll_ResumedAfter_OnlyWhatFollows()
    {
        await LogFromTheStoreAsync(200);
        foreach (var after in new[] { 1, 150, 199, 203 })
        {
            var read = await Reader(after)
                .ReadAllAsync(CancellationToken.None).ToListAsync(CancellationToken.None).InTime();
            Assert.Equal([0, .. Enumerable.Range(after + 1, 203 - after)], read.Select(e => (int)e.Sequence));
        }
    }

    [Fact]
    public async Task ReadAll_Silence_AHeartbeatForEachIntervalAndNotBefore()
    {
        await using var reading = Reader().ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        _ = await reading.MoveNextAsync();
        for (var i = 0; i < 3; i++)
        {
            var next = reading.MoveNextAsync().AsTask();
            _time.Advance(Heartbeat - Millisecond);
            Assert.False(next.IsCompleted);
            _time.Advance(Millisecond);
            Assert.True(await next.InTime());
            Assert.Equal((0, true), (reading.Current.Sequence, reading.Current.Heartbeat is not null));
        }
    }

    [Fact]
    public async Task ReadAll_EventInTheInterval_NoHeartbeatUntilItHasPassedAgain()
    {
        await using var reading = Reader().ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        _ = await reading.MoveNextAsync();
        var next = reading.MoveNextAsync().AsTask();
        _time.Advance(Heartbeat - Millisecond);
        _log.Append(Tokens.Answer("text"));
        Assert.True(await next.InTime());
        Assert.Equal("text", reading.Current.Token.Text);

        next = reading.MoveNextAsync().AsTask();
        _time.Advance(Heartbeat - Millisecond);
        Assert.False(next.IsCompleted);
        _time.Advance(Millisecond);
        Assert.True(await next.InTime());
        Assert.NotNull(reading.Current.Heartbeat);
    }

    [Fact]
    public async Task ReadAll_Cancelled_EndsAndLeavesTheLog()
    {
        using var source = new CancellationTokenSource();
        await using var reading = Reader().ReadAllAsync(source.Token).GetAsyncEnumerator();
        _ = await reading.MoveNextAsync();
        var next = reading.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
        Assert.Null(_time.UntilNextTimer);
        _log.Append(Tokens.Answer("The writer does not mind."));
    }

    [Fact]
    public async Task ReadAll_Lost_EndsWithTheReason()
    {
        _log.Append(Tokens.Answer("shown"));
        var reader = Reader();
        var reading = reader.ReadAllAsync(CancellationToken.None).ToListAsync(CancellationToken.None).AsTask();
        _log.Lose(TurnFailures.OwnerLost);

        Assert.Equal([0, 1], (await reading.InTime()).Select(e => (int)e.Sequence));
        Assert.Same(TurnFailures.OwnerLost, reader.Failure);
    }

    private TurnReader Reader(long after = 0) => new(
        Sample.Tenant, new SessionInfo { StreamId = _turn.Stream.StreamId, ResumedAfter = after }, _log, _store,
        Heartbeat, pace: null, _time);

    private async Task<List<StreamChatResponse>> ReadAsync(Random random, int mostYields)
    {
        var read = new List<StreamChatResponse>();
        await foreach (var next in Reader().ReadAllAsync(CancellationToken.None))
        {
            read.Add(next);
            Assert.Equal(read.Count - 1, next.Sequence);
            for (var i = random.Next(mostYields + 1); i > 0 && mostYields > 0; i--)
            {
                await Task.Yield();
            }
        }

        return read;
    }

    private async Task WriteAsync(Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _log.Append(Tokens.Answer(new string('x', random.Next(60))));
            await _log.WaitForRoomAsync(CancellationToken.None);
            if (random.Next(10) == 0)
            {
                await Task.Yield();
            }
        }

        _log.Close(Sample.Closing(), [Tokens.Done(), Tokens.Saved(), Tokens.End()], shownAtOnce: random.Next(2));
    }

    private async Task FlushAsync(Random random)
    {
        while (!_log.Closed.IsCompleted)
        {
            for (var i = random.Next(20); i > 0; i--)
            {
                await Task.Yield();
            }

            if (_log.TakeUncommitted() is { } write)
            {
                Assert.Equal(
                    [new WriteResult(WriteOutcome.Committed)],
                    await _store.CommitAsync([write], CancellationToken.None));
                _log.Committed(write);
            }
        }
    }

    private async Task LogFromTheStoreAsync(int tokens)
    {
        _ = await _store.OpenTurnAsync(_turn, CancellationToken.None);
        var flushing = Task.Run(() => FlushAsync(new Random(1)));
        await WriteAsync(new Random(1), tokens).InTime();
        await flushing.InTime();
    }
}
