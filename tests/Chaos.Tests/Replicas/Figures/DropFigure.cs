using System.Collections.Concurrent;
using Chaos.Tests.Checking;
using Chaos.Tests.Runs;
using Chaos.Tests.Truth;
using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace Chaos.Tests.Replicas.Figures;

/// <summary>
/// Readers that go away in the middle and come back at another replica, again and again: what they have at the end is
/// the right answer, byte for byte; and how soon they are shown something.
/// </summary>
internal sealed class DropFigure
{
    private const int Drops = 5_000;
    private const int Readers = 32;
    private const int Seed = 20261122;

    private readonly ConcurrentBag<(bool Behind, TimeSpan Time)> _times = [];
    private readonly ConcurrentQueue<string> _wrong = [];
    private readonly List<Service.ChatServiceClient> _services;
    private readonly ReplicaRun _run;
    private int _drops;
    private int _streams;
    private int _questions;

    private DropFigure(ReplicaRun run, IEnumerable<GrpcChannel> channels)
    {
        _run = run;
        _services = [.. channels.Select(channel => new Service.ChatServiceClient(channel))];
    }

    public static async Task<bool> MeasureAsync(Action<FormattableString> line)
    {
        using var logs = new TemporaryFolder();
        await using var run = await ReplicaRun.StartAsync(new RunPlan(Seed, logs.Path));
        var channels = run.Replicas.Select(replica => GrpcChannel.ForAddress(replica.Address)).ToList();
        var figure = new DropFigure(run, channels);
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(i => figure.ReadAsync(i)));
        channels.ForEach(channel => channel.Dispose());
        line($"## Resuming at another replica");
        line($"");
        line($"{figure._drops} times one of {Readers} readers left and resumed, in {figure._streams} streams, on");
        line($"three replicas: {figure._wrong.Count} answers were not the right one, byte for byte.");
        line($"");
        line($"| from the call to the first event, at another replica | times | p50, ms | p99, ms |");
        line($"|---|---|---|---|");
        foreach (var kind in figure._times.GroupBy(time => time.Behind).OrderByDescending(kind => kind.Key))
        {
            var sorted = kind.Select(each => each.Time).Order().ToList();
            var (p50, p99) = (ReplicaFigures.Percentile(sorted, 0.5), ReplicaFigures.Percentile(sorted, 0.99));
            var from = kind.Key ? "from an earlier place" : "from the last event; the next has to come";
            line($"| {from} | {sorted.Count} | {p50:0} | {p99:0} |");
        }

        line($"");
        figure._wrong.Take(5).ToList().ForEach(wrong => line($"- {wrong}"));
        return figure._wrong.IsEmpty;
    }

    private async Task ReadAsync(int reader)
    {
        var dice = new Random(Seed + reader);
        while (Volatile.Read(ref _drops) < Drops)
        {
            var question = new Question(Interlocked.Increment(ref _questions), dice.Next(), 120, 80, 2);
            _ = Interlocked.Increment(ref _streams);
            await ReadAsync(question, dice);
        }
    }

    private async Task ReadAsync(Question question, Random dice)
    {
        var owner = dice.Next(_services.Count);
        var shown = new List<byte[]>();
        var request = new StreamChatRequest { Message = question.Text };
        SessionInfo? info = null;
        var (at, behind) = (owner, false);
        while (true)
        {
            var asked = _run.Clock.Now;
            var until = shown.Count + dice.Next(1, 9);
            using var call = _services[at].StreamChat(request);
            var isFirst = true;
            await foreach (var next in call.ResponseStream.ReadAllAsync())
            {
                info = next.SessionInfo ?? info;
                if (next.Sequence == 0)
                {
                    continue;
                }

                if (isFirst && at != owner)
                {
                    _times.Add((behind, TimeSpan.FromMicroseconds(_run.Clock.Now - asked)));
                }

                isFirst = false;
                Take(shown, next, question);
                if (next.StreamEnd is not null)
                {
                    Judge(shown, question);
                    return;
                }

                if (shown.Count >= until && next.Sequence == shown.Count)
                {
                    break;
                }
            }

            _ = Interlocked.Increment(ref _drops);
            behind = shown.Count > 1 && dice.Next(2) == 0;
            request = new StreamChatRequest
            {
                Resume = new Resume
                {
                    StreamId = info!.StreamId,
                    Epoch = info.Epoch,
                    AfterSequence = behind ? dice.Next(shown.Count - 1) : shown.Count,
                },
            };

            // One time in four back to the owner.
            at = dice.Next(4) == 0 ? owner : (owner + 1 + dice.Next(_services.Count - 1)) % _services.Count;
        }
    }

    private void Take(List<byte[]> shown, StreamChatResponse next, Question question)
    {
        var bytes = next.ToByteArray();
        if (next.Sequence == shown.Count + 1)
        {
            shown.Add(bytes);
        }
        else if (next.Sequence > shown.Count || !shown[(int)next.Sequence - 1].AsSpan().SequenceEqual(bytes))
        {
            _wrong.Enqueue($"{question.Text}: {next.Sequence} came after {shown.Count}, or was another one before");
        }
    }

    private void Judge(List<byte[]> shown, Question question)
    {
        var text = AnswerText.Of(shown.Select(StreamChatResponse.Parser.ParseFrom));
        if (text != question.Answer())
        {
            _wrong.Enqueue($"{question.Text}: {text.Length} characters are not the right answer");
        }
    }
}
