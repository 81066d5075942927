using System.Globalization;

namespace Chaos.Tests.History;

/// <summary>A client's log, written as it goes: what it saw counts, whatever becomes of the run.</summary>
internal sealed class ClientLog : IDisposable
{
    private const string Extension = ".jsonl";

    private readonly Lock _lock = new();
    private readonly RunClock _clock;
    private readonly StreamWriter _file;

    public ClientLog(string folder, string client, RunClock clock)
    {
        _clock = clock;
        _file = new StreamWriter(Path.Combine(folder, client + Extension)) { AutoFlush = true };
    }

    /// <summary>What the client does now; counts from 1.</summary>
    public int Thread { get; private set; }

    public void BeginThread() => Thread++;

    /// <summary>A line of the current thread, with the time of now.</summary>
    public Entry Write(EntryKind kind, Func<Entry, Entry>? with = null)
    {
        var entry = new Entry(_clock.Now, Thread, kind);
        entry = with?.Invoke(entry) ?? entry;
        lock (_lock)
        {
            _file.WriteLine(entry.ToLine());
        }

        return entry;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>What every client of a run did, each thread by itself.</summary>
    public static IReadOnlyList<ClientThread> ReadAll(string folder) =>
    [
        .. from file in Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)
           let client = Path.GetFileNameWithoutExtension(file)
           from thread in File.ReadLines(file).Select(Entry.Parse).GroupBy(entry => entry.Thread)
           select new ClientThread(
               string.Create(CultureInfo.InvariantCulture, $"{client}/{thread.Key}"), [.. thread]),
    ];
}
