using System.Globalization;

namespace Simulation.Tests.Scheduling;

/// <summary>What happened in a schedule, to be read by a person, and the hash of every step, to compare two runs.</summary>
internal sealed class Trace
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private readonly List<string> _lines = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly Dictionary<string, int> _counts = [];
    private ulong _hash = Basis;
    private TimeSpan _now;

    public IReadOnlyList<string> Lines => _lines;

    public ulong Hash => _hash;

    /// <summary>A short name for an id that is another one in every run.</summary>
    public string Alias(string id, string kind)
    {
        if (!_aliases.TryGetValue(id, out var alias))
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            alias = kind + _counts[kind].ToString(CultureInfo.InvariantCulture);
            _aliases[id] = alias;
        }

        return alias;
    }

    public void Step(string place, int index, TimeSpan now)
    {
        _now = now;
        Mix(place);
        Mix((ulong)index);
        Mix((ulong)now.Ticks);
    }

    public void Say(string line)
    {
        Mix(line);
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{_now.TotalSeconds,10:0.000}  {line}"));
    }

    private void Mix(string text)
    {
        foreach (var c in text)
        {
            Mix(c);
        }
    }

    private void Mix(ulong value) => _hash = (_hash ^ value) * Prime;
}
