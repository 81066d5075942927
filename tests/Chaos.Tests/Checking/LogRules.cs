using System.Security.Cryptography;
using System.Text;
using Chaos.Tests.History;
using Chaos.Tests.Truth;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>What the database holds of a stream: its log, its row, its message and the right answer agree.</summary>
internal sealed class LogRules
{
    private static readonly StreamState[] Final =
        [StreamState.Completed, StreamState.Cancelled, StreamState.Failed, StreamState.Interrupted];

    private readonly StoredStream _stream;
    private readonly Stored _stored;
    private readonly List<Violation> _violations = [];

    private LogRules(StoredStream stream, Stored stored) => (_stream, _stored) = (stream, stored);

    public static IReadOnlyList<Violation> Check(StoredStream stream, Evidence evidence)
    {
        var rules = new LogRules(stream, evidence.Stored);
        rules.CheckLog();
        rules.CheckEnd();
        rules.CheckAnswer();
        return rules._violations;
    }

    private void CheckLog()
    {
        var sequences = _stream.Log.Select(logged => logged.Event.Sequence);
        Expect(
            sequences.SequenceEqual(Enumerable.Range(1, _stream.Log.Count).Select(i => (long)i)),
            Rule.DenseSequences, $"its log has {string.Join(' ', sequences)}");
        Expect(
            _stream.LastSequence == _stream.Log.Count,
            Rule.StateAndLogAgree, $"its row counts {_stream.LastSequence} events, its log {_stream.Log.Count}");
        Expect(
            _stream.Log.Zip(_stream.Log.Skip(1)).All(pair => pair.First.Epoch <= pair.Second.Epoch)
                && _stream.Log.All(logged => logged.Epoch <= _stream.Epoch),
            Rule.WithdrawnByEpochOnly, "its log's epochs do not follow each other");
    }

    private void CheckEnd()
    {
        var ends = _stream.Log.Count(logged => logged.Event.StreamEnd is not null);
        var isFinal = Final.Contains(_stream.State);
        Expect(isFinal, Rule.EveryoneSeesTheEnd, $"it is {_stream.State} when all is over");
        Expect(isFinal == (ends > 0), Rule.StateAndLogAgree, $"it is {_stream.State} with {ends} stream_end");
        Expect(ends <= 1, Rule.OneEnd, $"it has {ends} stream_end");
        if (ends == 0)
        {
            return;
        }

        if (_stream.Log[^1].Event.StreamEnd is not { } end)
        {
            Violate(Rule.OneEnd, $"after stream_end comes {_stream.Log[^1].Event.EventCase}");
            return;
        }

        Expect(
            end.State == _stream.State,
            Rule.StateAndLogAgree, $"stream_end says {end.State}, its row {_stream.State}");
        Expect(end.LastSequence == _stream.Log.Count, Rule.OneEnd, $"stream_end counts {end.LastSequence} events");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(Text));
        Expect(end.AnswerSha256 == Convert.ToHexStringLower(digest), Rule.TrueAnswer, "stream_end has another SHA-256");
    }

    private void CheckAnswer()
    {
        var user = _stored.Messages.SingleOrDefault(message => message.MessageId == _stream.UserMessageId);
        var answer = _stored.Messages.SingleOrDefault(message => message.MessageId == _stream.MessageId);
        if (user is null || answer is null)
        {
            Violate(Rule.MessageAndLogAgree, "a message of it is missing");
            return;
        }

        Expect(answer.State == _stream.State, Rule.MessageAndLogAgree, $"its message is {answer.State}");
        Expect(answer.Text == Text, Rule.MessageAndLogAgree, "its message has another text than its log");
        var truth = Question.Parse(user.Text).Answer();
        if (_stream.State == StreamState.Completed)
        {
            Expect(Text == truth, Rule.TrueAnswer, $"it is COMPLETED with {Text.Length} of {truth.Length} characters");
        }
        else
        {
            Expect(truth.StartsWith(Text, StringComparison.Ordinal), Rule.TrueAnswer, "its partial answer is not one");
        }

        var saved = _stream.Log.Select(logged => logged.Event.ResponseSaved).LastOrDefault(saved => saved is not null);
        Expect((saved?.MessageId ?? _stream.MessageId) == _stream.MessageId, Rule.SavedWhenShown, "another was saved");
        Expect(
            _stream.State != StreamState.Completed || saved is not null, Rule.SavedWhenShown, "no response_saved came");
    }

    private string Text => AnswerText.Of(_stream.Log.Select(logged => logged.Event));

    private void Expect(bool holds, Rule rule, string otherwise)
    {
        if (!holds)
        {
            Violate(rule, otherwise);
        }
    }

    private void Violate(Rule rule, string what) =>
        _violations.Add(new Violation(rule, $"{_stream.StreamId} of {_stream.RequestKey}", what));
}
