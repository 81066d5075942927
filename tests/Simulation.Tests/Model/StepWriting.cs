using ChatGrpc.Providers;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Model;

/// <summary>
/// Writes one step of a script: what each try says, and which try has to follow when it fails, as docs/resilience.md
/// has it in words.
/// </summary>
internal sealed class StepWriting(Chance chance, ModelChain chain, IReadOnlyList<ScriptedCall> calls, bool isCalm)
{
    // Those that something is done about are the most.
    private static readonly ScriptEnding[] Failures =
    [
        ScriptEnding.Busy, ScriptEnding.Busy, ScriptEnding.Refused, ScriptEnding.Cut, ScriptEnding.Cut,
        ScriptEnding.Throws, ScriptEnding.Hangs,
    ];

    private readonly List<ScriptedTry> _tries = [];
    private readonly List<string> _texts = [];
    private string _said = "";
    private string _begun = "";
    private int _at;
    private int _retried;
    private int _words;
    private bool _streams = true;
    private bool _wentOn;
    private bool _isShown;
    private bool _saidElse;

    private bool HasNext => _at + 1 < chain.Models.Count;

    public ScriptedStep Write()
    {
        while (true)
        {
            var made = Try();
            _tries.Add(made);
            _said += made.Answer;
            _isShown |= made.IsShown;
            _saidElse |= made.Calls.Count > 0 || made.Deltas.Any(delta => delta.Kind != ModelEventKind.Answer);
            if (made.Ending is ScriptEnding.Finished or ScriptEnding.Throws)
            {
                return Step(made.Reason, apologizes: false);
            }

            if (!GoesOnAfter(made))
            {
                return Step(made.Reason, apologizes: chain.Models.Count > 1 && !_isShown);
            }
        }
    }

    private ScriptedStep Step(string reason, bool apologizes) => new(_tries, [.. _texts, _said], reason, apologizes);

    private bool GoesOnAfter(ScriptedTry failed)
    {
        var isWorthARetry = failed.Ending is not ScriptEnding.Refused && failed.Reason != "FIRST_TOKEN_TIMEOUT";
        if (!failed.IsShown && isWorthARetry && _retried < ModelChain.Retries)
        {
            _retried++;
            return true;
        }

        _retried = 0;
        return chain.Models.Count > 1 && (_isShown ? GoesOnAfterText() : GoesOnBeforeText(failed));
    }

    private bool GoesOnBeforeText(ScriptedTry failed)
    {
        if (failed.Ending == ScriptEnding.Cut && _streams)
        {
            _streams = false;
            return true;
        }

        return HasNext && Next(begun: "");
    }

    private bool GoesOnAfterText()
    {
        var canGoOn = !_saidElse && _said.Length > 0;
        var begun = _said.Length > 0 && char.IsHighSurrogate(_said[^1]) ? _said[..^1] : _said;
        if (canGoOn && !_wentOn && chain.CarryOn[_at])
        {
            _wentOn = true;
            _begun = begun;
            return true;
        }

        if (canGoOn && HasNext && chain.CarryOn[_at + 1])
        {
            return Next(begun);
        }

        if (!HasNext)
        {
            return false;
        }

        _texts.Add(_said);
        (_said, _isShown, _saidElse) = ("", false, false);
        return Next(begun: "");
    }

    private bool Next(string begun)
    {
        _at++;
        (_streams, _wentOn, _begun) = (true, false, begun);
        return true;
    }

    private ScriptedTry Try()
    {
        var fails = chance.Percent(_tries.Count == 0 ? (isCalm ? 10 : 45) : 50);
        var ending = fails ? chance.Of(Failures) : ScriptEnding.Finished;
        var hasCalls = calls.Count > 0 && (!fails || chance.Percent(20));
        return new ScriptedTry(
            chain.Models[_at], _streams, _begun, Deltas(fails), hasCalls ? calls : [], ending);
    }

    private List<ModelEvent> Deltas(bool fails)
    {
        var deltas = new List<ModelEvent>();
        var padding = new string('x', chance.Of(0, 0, 20, 200));
        for (var left = fails ? chance.Of(0, 0, 1, 4, 12) : chance.Of(0, 1, 3, 8, 20); left > 0; left--)
        {
            var text = $"w{++_words}{padding} ";
            if (chance.Percent(10))
            {
                // A pair whose halves come apart.
                deltas.Add(ModelEvent.Answer(text + "\ud83d"));
                deltas.Add(ModelEvent.Answer("\ude00"));
            }
            else
            {
                deltas.Add(chance.Percent(15) ? ModelEvent.Reasoning(text) : ModelEvent.Answer(text));
            }
        }

        if (deltas.Count > 0 && chance.Percent(5))
        {
            // A half whose other half never comes.
            deltas.Add(ModelEvent.Answer($"w{++_words}\ud83d"));
        }

        return deltas;
    }
}
