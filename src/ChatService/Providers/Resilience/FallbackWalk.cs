using System.Text;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Resilience;

/// <summary>One call's way down a chain: which model is asked now, and for what.</summary>
internal sealed class FallbackWalk
{
    private readonly IReadOnlyList<FallbackLink> _links;
    private readonly ModelRequest _asked;
    private readonly StringBuilder _answer = new();
    private int _at;
    private bool _wentOn;
    private bool _isShown;
    private bool _isAnswerAlone = true;

    public FallbackWalk(IReadOnlyList<FallbackLink> links, ModelRequest asked)
    {
        _links = links;
        _asked = asked;
        Request = AsAsked();
    }

    public IModelProvider Provider => _links[_at].Provider;

    public ModelRequest Request { get; private set; }

    private ModelEntry Entry => _links[_at].Entry;

    private FallbackLink? Next => _at + 1 < _links.Count ? _links[_at + 1] : null;

    // A form of answers is begun anew: a model that goes on with half of a document makes no whole of it.
    private bool CanGoOn => _isAnswerAlone && _answer.Length > 0 && _asked.Schema is null;

    public void Observe(in ModelEvent said)
    {
        if (!said.IsShown)
        {
            return;
        }

        _isShown = true;
        if (said.Kind == ModelEventKind.Answer)
        {
            _ = _answer.Append(said.Text);
        }
        else
        {
            _isAnswerAlone = false;
        }
    }

    /// <summary>Goes to what is tried next; null: nothing is left that may help.</summary>
    public FallbackStep? Down(Failure failure)
    {
        var remedies = FailureRules.RemediesFor(failure);
        return remedies == Remedies.None ? null
            : _isShown ? AfterText()
            : BeforeText(remedies);
    }

    /// <summary>Nothing was shown, so that something has to be said.</summary>
    public FallbackStep? Apologize(Failure failure) =>
        _isShown || _asked.Begun.Length > 0 || _asked.HasSpoken || FailureRules.RemediesFor(failure) == Remedies.None
            ? null
            : new FallbackStep(FallbackStep.Apology, Entry, Entry);

    private FallbackStep? BeforeText(Remedies remedies)
    {
        if (remedies.HasFlag(Remedies.WholeAnswer) && Request.Streaming)
        {
            Request = Request with { Streaming = false };
            return new FallbackStep(FallbackStep.NonStreaming, Entry, Entry);
        }

        if (remedies.HasFlag(Remedies.PlainPrompt) && Request.Instructions.Length > 0)
        {
            Request = Request with { Instructions = "" };
            return new FallbackStep(FallbackStep.Prompt, Entry, Entry);
        }

        return ToNext(FallbackStep.Model);
    }

    private FallbackStep? AfterText()
    {
        if (!_wentOn && CanGoOn && Provider.CarriesOn)
        {
            _wentOn = true;
            Request = GoingOn(Request);
            return new FallbackStep(FallbackStep.Continued, Entry, Entry);
        }

        if (CanGoOn && Next is { Provider.CarriesOn: true })
        {
            var step = ToNext(FallbackStep.Continued);
            Request = GoingOn(Request);
            return step;
        }

        var retracting = ToNext(FallbackStep.Model);
        if (retracting is not null)
        {
            _ = _answer.Clear();
            (_isShown, _isAnswerAlone) = (false, true);
        }

        return retracting is null ? null : retracting with { Retracts = true };
    }

    private FallbackStep? ToNext(string code)
    {
        if (Next is not { } next)
        {
            return null;
        }

        var from = Entry;
        _at++;
        _wentOn = false;
        Request = AsAsked();
        return new FallbackStep(code, from, next.Entry);
    }

    private ModelRequest AsAsked() =>
        _asked with { Model = Entry.Model, Streaming = _asked.Streaming && Entry.Streams };

    private ModelRequest GoingOn(ModelRequest request)
    {
        // The other half of the last character did not come, and no model goes on with a half.
        var said = _asked.Begun + _answer;
        return request with { Begun = char.IsHighSurrogate(said[^1]) ? said[..^1] : said };
    }
}
