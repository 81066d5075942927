using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class AsyncSignalTests
{
    private readonly AsyncSignal _signal = new();

    [Fact]
    public void Wait_SetBefore_RemembersOneWakeUp()
    {
        _signal.Set();
        _signal.Set();

        Assert.True(_signal.WaitAsync().AsTask().IsCompletedSuccessfully);
        Assert.False(_signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task Set_WaiterIsThere_IsWoken()
    {
        for (var i = 0; i < 3; i++)
        {
            var waiting = _signal.WaitAsync();
            Assert.False(waiting.IsCompleted);
            _signal.Set();
            await waiting.InTime();
        }
    }

    [Fact]
    public async Task Set_Waiter_DoesNotRunInsideTheSetter()
    {
        var setting = Environment.CurrentManagedThreadId;
        var inside = false;
        var waiter = WaitAsync();

        Volatile.Write(ref inside, true);
        _signal.Set();
        Volatile.Write(ref inside, false);

        Assert.False(await waiter.InTime());

        async Task<bool> WaitAsync()
        {
            await _signal.WaitAsync();
            return Environment.CurrentManagedThreadId == setting && Volatile.Read(ref inside);
        }
    }

    [Fact]
    public async Task Wait_Thousandfold_AllocatesNothing()
    {
        await CycleAsync(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        await CycleAsync(1_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);

        async ValueTask CycleAsync(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                _signal.Set();
                await _signal.WaitAsync();
            }
        }
    }

    // Each setter publishes its round and sets; only when the waiter saw both does the next round begin. A wake-up
    // that is lost even once stops the game.
    [Fact]
    public async Task Set_TwoThreadsRacingTheWaiter_NoWakeUpIsLost()
    {
        const int Rounds = 200_000;
        var one = 0;
        var two = 0;
        var seen = 0;
        var setters = new[]
        {
            Task.Factory.StartNew(() => Play(ref one), TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(() => Play(ref two), TaskCreationOptions.LongRunning),
        };

        await Task.Run(WaitAsync).InTime();
        await Task.WhenAll(setters).InTime();

        void Play(ref int mine)
        {
            var spin = default(SpinWait);
            for (var round = 1; round <= Rounds; round++)
            {
                Volatile.Write(ref mine, round);
                _signal.Set();
                while (Volatile.Read(ref seen) < round)
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }
            }
        }

        async Task WaitAsync()
        {
            for (var round = 1; round <= Rounds; round++)
            {
                while (Volatile.Read(ref one) < round || Volatile.Read(ref two) < round)
                {
                    await _signal.WaitAsync();
                }

                Volatile.Write(ref seen, round);
            }
        }
    }
}
