using System.Diagnostics;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class AsyncSignalTests
{
    // Of what the other waits for: no round comes any more.
    private const int Over = int.MaxValue;

    // Where many processes share few processors, a round takes milliseconds: then there are fewer.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly AsyncSignal _signal = new();
    private readonly long _began = Stopwatch.GetTimestamp();

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
        const int Rounds = 10_000;
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
            for (var round = 1; Volatile.Read(ref seen) != Over; round++)
            {
                Volatile.Write(ref mine, round);
                _signal.Set();
                SpinUntil(ref seen, round);
            }
        }

        async Task WaitAsync()
        {
            for (var round = 1; round <= Rounds && !IsLate; round++)
            {
                while (Volatile.Read(ref one) < round || Volatile.Read(ref two) < round)
                {
                    await _signal.WaitAsync();
                }

                Volatile.Write(ref seen, round);
            }

            Volatile.Write(ref seen, Over);
        }
    }

    // A setter publishes and finds an older wake-up still untaken, just as the waiter takes that one and looks: one of
    // the two has to see the other. Processors reorder such a pair unless there is a fence on both sides.
    [Fact]
    public async Task Set_WhileAnOlderWakeUpIsTaken_WhatWasPublishedIsSeenOrWoken()
    {
        const int Rounds = 100_000;
        var (go, published, set, lost) = (0, 0, 0, 0);
        var setter = Task.Factory.StartNew(Publish, TaskCreationOptions.LongRunning);
        var waiter = Task.Factory.StartNew(Wait, TaskCreationOptions.LongRunning);

        await Task.WhenAll(setter, waiter).InTime();
        Assert.Equal(0, lost);

        void Publish()
        {
            for (var round = 1; SpinUntil(ref go, round) != Over; round++)
            {
                Volatile.Write(ref published, round);
                _signal.Set();
                Volatile.Write(ref set, round);
            }
        }

#pragma warning disable CA2012 // Awaiting would change threads, and the moment under test would pass.
        void Wait()
        {
            for (var round = 1; round <= Rounds && !IsLate; round++)
            {
                _signal.Set();
                Volatile.Write(ref go, round);
                Thread.SpinWait(round & 31);
                _ = _signal.WaitAsync();
                var seen = Volatile.Read(ref published) == round;
                var next = _signal.WaitAsync();
                SpinUntil(ref set, round);
                lost += seen || next.IsCompleted ? 0 : 1;
                _signal.Set();
            }

            Volatile.Write(ref go, Over);
        }
#pragma warning restore CA2012
    }

    private bool IsLate => Stopwatch.GetElapsedTime(_began) > Longest;

    private static int SpinUntil(ref int value, int round)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref value) < round)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        return Volatile.Read(ref value);
    }
}
