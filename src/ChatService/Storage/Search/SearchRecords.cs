using Chat.V1;

namespace ChatGrpc.Storage.Search;

/// <summary>What is wanted of a tenant's messages and titles.</summary>
/// <param name="Terms">All of them occur in what is found; as <see cref="SearchTerms"/> has them.</param>
/// <param name="SessionId">Only there; empty: in all sessions.</param>
/// <param name="Before">The number at which the page before ended; null: there was none.</param>
internal sealed record SearchQuery(IReadOnlyList<string> Terms, string SessionId, long? Before, int Limit);

/// <summary>A text that may be searched: a message's, or a session's title.</summary>
/// <param name="Number">Counts what was saved; the last is found first.</param>
/// <param name="MessageId">Empty: it is the title.</param>
/// <param name="CreatedAt">The message's, or the session's.</param>
internal sealed record SearchedText(
    long Number,
    string SessionId,
    string SessionTitle,
    string MessageId,
    MessageRole Role,
    string Author,
    DateTimeOffset CreatedAt,
    string Text);

/// <param name="Next">Where the next page begins; null: this is the last one.</param>
internal sealed record SearchPage(IReadOnlyList<SearchedText> Found, long? Next)
{
    public static SearchPage Nothing { get; } = new([], null);
}

/// <summary>What the index has to learn of a text.</summary>
internal sealed record SearchChange(long Number, IReadOnlyCollection<int> Tokens);
