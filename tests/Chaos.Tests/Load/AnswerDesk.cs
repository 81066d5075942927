using System.Collections.Concurrent;
using Chaos.Tests.History;
using Chaos.Tests.Truth;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace Chaos.Tests.Load;

/// <summary>The provider of a run: it gives every question its right answer, at its pace, and keeps a record.</summary>
internal sealed class AnswerDesk : IAsyncDisposable
{
    private readonly ConcurrentBag<ProviderCall> _calls = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly ProviderStandIn _standIn;
    private readonly Metronome _metronome;
    private readonly RunClock _clock;
    private readonly Task _answering;

    private AnswerDesk(ProviderStandIn standIn, Metronome metronome, RunClock clock)
    {
        _standIn = standIn;
        _metronome = metronome;
        _clock = clock;
        _answering = AnswerAllAsync();
    }

    /// <summary>OPENAI_BASE_URL.</summary>
    public Uri BaseUrl => _standIn.BaseUrl;

    public static async Task<AnswerDesk> OpenAsync(Metronome metronome, RunClock clock) =>
        new(await ProviderStandIn.StartOpenAIAsync(), metronome, clock);

    /// <summary>Answers no more; what it was asked.</summary>
    public async Task<IReadOnlyList<ProviderCall>> CloseAsync()
    {
        await _closed.CancelAsync();
        await _answering.InTime();
        return [.. _calls];
    }

    public async ValueTask DisposeAsync()
    {
        _ = await CloseAsync();
        _closed.Dispose();
        await _standIn.DisposeAsync();
    }

    private async Task AnswerAllAsync()
    {
        var answers = new ConcurrentDictionary<Task, bool>();
        try
        {
            while (true)
            {
                var answer = AnswerAsync(await _standIn.NextRequestAsync(_closed.Token));
                answers[answer] = true;
                _ = answer.ContinueWith(done => answers.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers.Keys);
        }
    }

    private async Task AnswerAsync(ProviderExchange exchange)
    {
        var at = _clock.Now;
        var text = exchange.Body.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        var question = Question.Parse(text);
        var sent = 0;
        await exchange.StartStreamAsync();
        foreach (var delta in question.Deltas())
        {
            _ = await Task.WhenAny(
                _metronome.After(TimeSpan.FromMilliseconds(question.GapMilliseconds)), exchange.Aborted);
            if (exchange.Aborted.IsCompleted || _closed.IsCancellationRequested)
            {
                break;
            }

            sent++;
            await exchange.WriteTextAsync(delta);
        }

        var finished = sent == question.Tokens && !exchange.Aborted.IsCompleted;
        if (finished)
        {
            await exchange.FinishAsync();
        }
        else
        {
            exchange.End();
        }

        _calls.Add(new ProviderCall(at, text, sent, finished));
    }
}
