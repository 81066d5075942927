using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ChatGrpc.Schemas;

/// <summary>One check of one value: what was found, and how much was done for it.</summary>
internal sealed class SchemaCheck(TimeProvider time)
{
    // As many as a model can mend in one go; a list of all of them may be longer than the value.
    private const int MaxErrors = 5;

    // A tenth of a second or so. Schemas can ask for work that doubles with each of their lines, and lists whose items
    // are compared each with each.
    private const int MaxSteps = 1_000_000;

    // A step costs what the value's size costs: of a large value, so many of them would take minutes. Good checks take
    // milliseconds, on a busy machine too.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    private readonly long _started = time.GetTimestamp();
    private readonly List<string> _errors = [];
    private int _steps;
    private int _silent;

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Whether a value obeys all rules of a schema.</summary>
    /// <exception cref="SchemaException">The check is too much work.</exception>
    public bool Passes(SchemaNode schema, JsonElement value, string path)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new SchemaException("It is nested too deep to be checked by this schema.");
        }

        Step();
        var passes = true;
        foreach (var rule in schema.Rules)
        {
            passes &= rule.Holds(value, this, path);
            if (!passes && (_silent > 0 || _errors.Count == MaxErrors))
            {
                return false;
            }
        }

        return passes;
    }

    /// <summary>The same, but what is wrong is not told: it may well be.</summary>
    public bool PassesSilently(SchemaNode schema, JsonElement value, string path)
    {
        _silent++;
        try
        {
            return Passes(schema, value, path);
        }
        finally
        {
            _silent--;
        }
    }

    /// <summary>Tells what is wrong at a place.</summary>
    /// <returns>False, for <see cref="SchemaRule.Holds"/>.</returns>
    public bool Wrong(string path, string sentence)
    {
        if (_silent == 0 && _errors.Count < MaxErrors)
        {
            _errors.Add($"{path}: {sentence}");
        }

        return false;
    }

    /// <summary>Counts work that is about to be done.</summary>
    public void Step(int steps = 1)
    {
        _steps += steps;
        if (_steps > MaxSteps || time.GetElapsedTime(_started) > Longest)
        {
            throw new SchemaException("It takes too long to check by this schema.");
        }
    }
}
