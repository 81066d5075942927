using System.Threading.Channels;
using Chat.V1;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools;

/// <summary>
/// What a running call tells the reader before its result. A function finds it in the context of its arguments. For one
/// call, which may tell from several threads.
/// </summary>
internal sealed class ToolReport(string callId, ChannelWriter<StreamChatResponse> events, TimeProvider time)
{
    // A person sees no more, and each is an event that is stored: a tool that counts to a million tells ten a second.
    private static readonly TimeSpan ProgressPause = TimeSpan.FromMilliseconds(100);

    // A line below a tool's name; who has more to say has a result for it.
    private const int MaxNoteLength = 500;

    private readonly Lock _lock = new();
    private long? _lastProgress;
    private bool _isOver;

    public static ToolReport? Of(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(ToolReport), out var report) == true ? (ToolReport?)report : null;

    public void AddTo(AIFunctionArguments arguments) =>
        arguments.Context = new Dictionary<object, object?> { [typeof(ToolReport)] = this };

    /// <summary>
    /// How far the call has come. Told if there is room and the last one was not just now, else forgotten: the next
    /// one tells more.
    /// </summary>
    /// <param name="fraction">0 to 1; null if the tool cannot tell.</param>
    /// <param name="note">What it does just now; may be empty.</param>
    public void Progress(double? fraction, string note)
    {
        var progress = new ToolProgress { Id = callId, Note = StorableText.Of(Shortened(note)) };
        if (fraction is { } known && !double.IsNaN(known))
        {
            progress.Fraction = Math.Clamp(known, 0, 1);
        }

        lock (_lock)
        {
            var isDue = _lastProgress is not { } last || time.GetElapsedTime(last) >= ProgressPause;
            if (!_isOver && isDue && events.TryWrite(new StreamChatResponse { ToolProgress = progress }))
            {
                _lastProgress = time.GetTimestamp();
            }
        }
    }

    /// <summary>A work product; waits until there is room for it.</summary>
    public ValueTask DocumentAsync(Document document, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isOver, this);
            return events.WriteAsync(new StreamChatResponse { Document = document }, cancellationToken);
        }
    }

    /// <summary>The result comes next: what a tool that was left behind still says is not told.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
        }
    }

    private static string Shortened(string note) => note.Length <= MaxNoteLength ? note : note[..MaxNoteLength];
}
