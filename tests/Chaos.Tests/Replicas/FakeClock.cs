using System.Globalization;

namespace Chaos.Tests.Replicas;

/// <summary>A clock that is wrong by so much for one process; its timers run as ever.</summary>
internal sealed class FakeClock(TimeSpan ahead)
{
    public IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Find(),
        ["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0;-0}s"),
        ["DONT_FAKE_MONOTONIC"] = "1",
    };

    // Below a folder for the machine's architecture.
    private static string Find() =>
        Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1"))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("A clock that is wrong takes libfaketime: install faketime.");
}
