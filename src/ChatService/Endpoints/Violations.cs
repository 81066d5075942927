using ChatGrpc.Model;

namespace ChatGrpc.Endpoints;

/// <summary>Collects what is wrong with a request, all of it, so that a caller mends it in one go.</summary>
internal sealed class Violations
{
    // They travel in headers, of which many clients take 8 KiB in all: who mends ten sees the rest next time.
    private const int MostTold = 10;

    private readonly List<FieldViolation> _found = [];

    public Failure? Failure => _found.Count == 0 ? null : Failure.InvalidRequest(_found);

    public void Add(string field, string rule)
    {
        if (_found.Count < MostTold)
        {
            _found.Add(new FieldViolation(field, rule));
        }
    }

    public void Require(bool holds, string field, string rule)
    {
        if (!holds)
        {
            Add(field, rule);
        }
    }

    public void RequireKnown<T>(string field, T value)
        where T : struct, Enum =>
        Require(Enum.IsDefined(value), field, $"{value:D} is not a known value");

    public void RequireText(string field, string text, int maxScalars)
    {
        Require(!text.Contains('\0'), field, "must not contain NUL");
        Require(
            text.Length <= maxScalars || text.EnumerateRunes().Count() <= maxScalars,
            field, $"must be at most {maxScalars} Unicode scalars");
    }
}
