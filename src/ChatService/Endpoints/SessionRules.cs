using System.Globalization;
using System.Text;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Endpoints;

/// <summary>What must hold of a request about sessions by itself.</summary>
internal static class SessionRules
{
    private const int MaxPage = 200;
    private const int MaxTitleScalars = 200;

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
    });

    public static Failure? Check(RenameSessionRequest request) => Checked(rules =>
    {
        CheckId(request.SessionId, rules);
        rules.Require(!string.IsNullOrWhiteSpace(request.Title), "title", "must not be empty");
        rules.Require(
            !request.Title.EnumerateRunes().Any(IsLineBreakOrControl),
            "title", "must not contain line breaks, other control characters or marks that turn its direction");
        rules.Require(
            request.Title.Length <= MaxTitleScalars || request.Title.EnumerateRunes().Count() <= MaxTitleScalars,
            "title", $"must be at most {MaxTitleScalars} Unicode scalars");
    });

    private static Failure? Checked(Action<Violations> check)
    {
        var rules = new Violations();
        check(rules);
        return rules.Failure;
    }

    private static void CheckId(string sessionId, Violations rules) => rules.Require(
        RequestRules.IsSessionId(sessionId), "session_id", RequestRules.SessionIdRule);

    private static void CheckSize(bool given, int size, Violations rules) =>
        rules.Require(!given || size is >= 1 and <= MaxPage, "page_size", $"must be 1 to {MaxPage}");

    private static bool IsLineBreakOrControl(Rune rune) => SessionTitle.IsDropped(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
