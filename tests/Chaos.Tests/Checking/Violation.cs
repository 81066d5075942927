namespace Chaos.Tests.Checking;

/// <summary>The rules of docs/chaos.md, by which a history is judged.</summary>
internal enum Rule
{
    DenseSequences,
    OneEnd,
    WithdrawnByEpochOnly,
    SameForAll,
    SavedWhenShown,
    TrueAnswer,
    StateAndLogAgree,
    MessageAndLogAgree,
    ReasonToEnd,
    OneStreamPerRequest,
    NothingLeft,
    AskedOnce,
    EveryoneSeesTheEnd,
    CancelIsFinal,
    HonestStatus,
    StreamsGoOn,
    Warned,
    RefusedAtOnce,
    SavedSoonAfter,
    EndedSoon,
    StrictStays,
    OwnersKeep,
}

/// <param name="About">A stream, a client or a request.</param>
internal sealed record Violation(Rule Rule, string About, string What)
{
    public override string ToString() => $"{Rule}: {About}: {What}";
}
