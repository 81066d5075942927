using System.Globalization;
using Chat.V1;

namespace ChatGrpc.Bench.Host;

/// <summary>How many messages to write, and how fast: "COUNT" flat out, or "COUNT MILLISECONDS" between two.</summary>
internal sealed class Pace : IDisposable
{
    private readonly PeriodicTimer? _timer;
    private int _left;

    private Pace(int count, PeriodicTimer? timer) => (_left, _timer) = (count, timer);

    public static Pace Of(StreamChatRequest request)
    {
        var words = request.Message.Split(' ');
        return new Pace(
            Number(words[0]),
            words.Length > 1 ? new PeriodicTimer(TimeSpan.FromMilliseconds(Number(words[1]))) : null);
    }

    /// <summary>Waits for the time of the next message; false: there is none.</summary>
    public ValueTask<bool> NextAsync() => _left-- <= 0
        ? ValueTask.FromResult(false)
        : _timer?.WaitForNextTickAsync() ?? ValueTask.FromResult(true);

    public void Dispose() => _timer?.Dispose();

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
