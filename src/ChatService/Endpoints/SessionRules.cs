using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;

namespace ChatGrpc.Endpoints;

/// <summary>What must hold of a request about sessions by itself.</summary>
internal static class SessionRules
{
    private const int MaxPage = 200;
    private const int MaxFound = 100;
    private const int MaxIdScalars = 128;
    private const int MaxQueryScalars = 500;
    private const int MaxTerms = 16;

    /// <summary>Not made by this service, or for another listing.</summary>
    public static Failure ForeignPageToken => Failure.InvalidRequest(
        [new FieldViolation("page_token", "must be the next_page_token of this same listing; begin without one")]);

    public static Failure? Check(GetSessionRequest request) => Checked(rules => CheckId(request.SessionId, rules));

    public static Failure? Check(DeleteSessionRequest request) => Checked(rules => CheckId(request.SessionId, rules));

    public static Failure? Check(ListSessionsRequest request) =>
        Checked(rules => CheckSize(request.HasPageSize, request.PageSize, rules));

    public static Failure? Check(ListMessagesRequest request) => Checked(rules =>
    {
        CheckId(request.SessionId, rules);
        CheckSize(request.HasPageSize, request.PageSize, rules);
        rules.RequireText("branch_message_id", request.BranchMessageId, MaxIdScalars);
    });

    public static Failure? Check(SelectBranchRequest request) => Checked(rules =>
    {
        CheckId(request.SessionId, rules);
        rules.Require(request.MessageId.Length > 0, "message_id", "is required");
        rules.RequireText("message_id", request.MessageId, MaxIdScalars);
    });

    public static Failure? Check(ForkSessionRequest request) => Checked(rules =>
    {
        CheckId(request.SessionId, rules);
        rules.RequireText("message_id", request.MessageId, MaxIdScalars);
        CheckOptionalId("new_session_id", request.NewSessionId, rules);
    });

    public static Failure? Check(ExportSessionRequest request) => Checked(rules =>
    {
        CheckId(request.SessionId, rules);
        rules.RequireKnown("format", request.Format);
        rules.RequireText("branch_message_id", request.BranchMessageId, MaxIdScalars);
    });

    /// <param name="sessionId">What the first message had.</param>
    public static Failure? Check(ImportSessionRequest request, string? sessionId) => Checked(rules =>
    {
        CheckOptionalId("session_id", request.SessionId, rules);
        rules.Require(
            sessionId is null || request.SessionId.Length == 0 || request.SessionId == sessionId,
            "session_id", "is that of the first message");
    });

    /// <param name="terms">What is searched for, if nothing is wrong.</param>
    public static Failure? Check(SearchMessagesRequest request, out IReadOnlyList<string> terms)
    {
        var rules = new Violations();
        CheckOptionalId("session_id", request.SessionId, rules);
        rules.Require(
            !request.HasPageSize || request.PageSize is >= 1 and <= MaxFound, "page_size", $"must be 1 to {MaxFound}");
        rules.RequireText("query", request.Query, MaxQueryScalars);
        var read = rules.Failure is null ? SearchTerms.Read(request.Query) : [];
        rules.Require(read is not null, "query", "has a double quote without the other one");
        terms = read ?? [];
        rules.Require(terms.Count <= MaxTerms, "query", $"must be at most {MaxTerms} terms");
        rules.Require(
            rules.Failure is not null || terms.Any(SearchTerms.IsIndexed),
            "query", "needs a term of at least two characters");
        return rules.Failure;
    }

    public static Failure? Check(RenameSessionRequest request) => Checked(rules =>
    {
        CheckId(request.SessionId, rules);
        rules.Require(!string.IsNullOrWhiteSpace(request.Title), "title", "must not be empty");
        rules.Require(
            !request.Title.EnumerateRunes().Any(SessionTitle.BreaksLine),
            "title", "must not contain line breaks, other control characters or marks that turn its direction");
        rules.Require(
            request.Title.Length <= SessionTitle.MaxScalars || request.Title.EnumerateRunes().Count() <= SessionTitle.MaxScalars,
            "title", $"must be at most {SessionTitle.MaxScalars} Unicode scalars");
    });

    private static Failure? Checked(Action<Violations> check)
    {
        var rules = new Violations();
        check(rules);
        return rules.Failure;
    }

    private static void CheckId(string sessionId, Violations rules) => rules.Require(
        SessionName.IsOne(sessionId), "session_id", SessionName.Rule);

    private static void CheckOptionalId(string field, string sessionId, Violations rules) =>
        rules.Require(sessionId.Length == 0 || SessionName.IsOne(sessionId), field, SessionName.Rule);

    private static void CheckSize(bool given, int size, Violations rules) =>
        rules.Require(!given || size is >= 1 and <= MaxPage, "page_size", $"must be 1 to {MaxPage}");
}
