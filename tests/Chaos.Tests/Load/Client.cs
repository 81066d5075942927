using Chaos.Tests.History;
using Chat.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Chaos.Tests.Load;

/// <summary>
/// Somebody who streams: one call after the other, each event written down as it comes. It resumes from where it is, or
/// from anywhere before, and judges nothing: that is the checker's.
/// </summary>
internal sealed class Client(int number, Town town, ClientLog log, Random dice)
{
    // Heartbeats come each 5 s: who hears nothing for so long hangs.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private TimeSpan _pause = FirstPause;
    private SessionInfo? _info;
    private long _count;

    public string? StreamId => _info?.StreamId;

    public bool HasEnded { get; private set; }

    /// <summary>How the last call ended; null: the client left it.</summary>
    public StatusCode? Status { get; private set; }

    /// <summary>The last answer was one that no further try will change: what is wrong is for the checker.</summary>
    public bool IsHopeless => Status is not (null or StatusCode.OK or StatusCode.Unavailable or StatusCode.Aborted);

    /// <summary>Told of each event, after it was written down; true: leave this call now.</summary>
    public Func<StreamChatResponse, bool> Leaves { get; set; } = static _ => false;

    /// <summary>What becomes of the turn when this client leaves.</summary>
    public OnDisconnect OnDisconnect { get; set; }

    /// <summary>Begins with something new.</summary>
    public void Begin()
    {
        log.BeginThread();
        (_info, _count, HasEnded, _pause) = (null, 0, false, FirstPause);
        (Leaves, Status, OnDisconnect) = (static _ => false, null, OnDisconnect.Unspecified);
    }

    /// <summary>A pause before the next try, longer each time until something comes.</summary>
    public async Task PauseAsync()
    {
        await town.Metronome.After(_pause * (0.5 + dice.NextDouble()));
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    public Task SendAsync(StreamChatRequest request)
    {
        _ = log.Write(EntryKind.Send, entry => entry with
        {
            Request = request.ClientRequestId,
            Session = request.SessionId,
            Message = request.Message,
            IsStrict = request.Durability == Durability.Strict,
        });
        return ReadAsync(request);
    }

    /// <summary>Goes on; every fourth time from a place before the last one.</summary>
    public Task ResumeAsync()
    {
        var resume = new Resume
        {
            StreamId = _info!.StreamId,
            Epoch = _info.Epoch,
            AfterSequence = dice.Next(4) == 0 ? dice.NextInt64(_count + 1) : _count,
        };
        return ResumeAsync(resume);
    }

    public Task ResumeAsync(Resume resume)
    {
        _ = log.Write(EntryKind.Resume, entry => entry with
        {
            Stream = resume.StreamId,
            Epoch = resume.Epoch,
            Sequence = resume.AfterSequence,
        });
        return ReadAsync(new StreamChatRequest { Resume = resume });
    }

    /// <summary>Goes on until stream_end.</summary>
    public async Task ToEndAsync(CancellationToken over)
    {
        while (!HasEnded && !IsHopeless && !over.IsCancellationRequested)
        {
            await PauseAsync();
            await ResumeAsync();
        }
    }

    /// <summary>Asks until there is an answer.</summary>
    public async Task CancelAsync(CancelStreamRequest request, CancellationToken over)
    {
        _ = log.Write(EntryKind.Cancel);
        while (!over.IsCancellationRequested)
        {
            try
            {
                var ended = await town.Service(number).CancelStreamAsync(request, cancellationToken: over);
                _ = log.Write(EntryKind.Cancelled, entry => entry with
                {
                    Stream = ended.StreamId,
                    Sequence = ended.LastSequence,
                    Outcome = ended.State.ToString(),
                });
                return;
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable)
            {
                await town.Metronome.After(LongestPause / 2);
            }
            catch (RpcException failure)
            {
                // Another cancel was never answered: the checker says so.
                _ = log.Write(EntryKind.Status, entry => entry with
                {
                    Outcome = $"{failure.StatusCode}",
                    Detail = $"CancelStream: {failure.Status.Detail}",
                });
                return;
            }
        }
    }

    private async Task ReadAsync(StreamChatRequest request)
    {
        request.OnDisconnect = OnDisconnect;
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(town.Over);
        using var call = town.Service(number).StreamChat(request, cancellationToken: silent.Token);
        Status = null;
        try
        {
            silent.CancelAfter(Silence);
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                silent.CancelAfter(Silence);
                var next = call.ResponseStream.Current;
                _ = log.Write(EntryKind.Event, entry => entry with { Event = next.ToByteArray() });
                Take(next);
                if (Leaves(next))
                {
                    _ = log.Write(EntryKind.Left);
                    return;
                }
            }

            Status = StatusCode.OK;
            _ = log.Write(EntryKind.Status, entry => entry with { Outcome = nameof(StatusCode.OK) });
        }
        catch (RpcException failure)
        {
            Status = failure.StatusCode;
            var outcome = town.Over.IsCancellationRequested ? "Still open when all was over"
                : silent.IsCancellationRequested ? $"Silent for {Silence}"
                : failure.StatusCode.ToString();
            _ = log.Write(
                EntryKind.Status, entry => entry with { Outcome = outcome, Detail = failure.Status.Detail });
        }
    }

    private void Take(StreamChatResponse next)
    {
        _pause = FirstPause;
        if (next.SessionInfo is { } info)
        {
            _count = info.Epoch == _info?.Epoch ? _count : info.ResumedAfter;
            _info = info;
        }

        _count = Math.Max(_count, next.Sequence);
        HasEnded |= next.StreamEnd is not null;
    }
}
