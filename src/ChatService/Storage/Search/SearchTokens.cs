using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChatGrpc.Storage.Search;

/// <summary>
/// What the index knows of a text: numbers for its pairs of neighbouring scalars, each once, and for whom it belongs
/// to. Two pairs may have the same number; what is found by them is looked at anyway.
/// </summary>
internal static class SearchTokens
{
    /// <summary>
    /// A text with more pairs than these is not indexed by them, and looked at in every search: to write 30,000 takes
    /// SQLite 40 ms in which nothing else is written, 4,000 take 3. Of prose, 100,000 characters have below 1,000, and
    /// 4,000 Chinese ones about 3,000.
    /// </summary>
    public const int MaxPairs = 4_000;

    // More of them make a search no narrower, and slower.
    private const int MaxAsked = 24;

    /// <summary>What a text has that has more than <see cref="MaxPairs"/>.</summary>
    public static int Wide { get; } = Scope("wide", "");

    /// <param name="folded">As <see cref="FoldedText"/> has it.</param>
    public static IReadOnlyCollection<int> OfText(string tenantId, string sessionId, string folded)
    {
        var tokens = OfText(folded);
        tokens.Add(OfTenant(tenantId));
        tokens.Add(OfSession(tenantId, sessionId));
        return tokens;
    }

    /// <summary>Without whom it belongs to.</summary>
    public static HashSet<int> OfText(string folded)
    {
        var tokens = new HashSet<int>();
        return AddPairs(folded, tokens, MaxPairs) ? tokens : [Wide];
    }

    /// <summary>Those that a text with all these terms has.</summary>
    public static IReadOnlyCollection<int> OfTerms(IReadOnlyList<string> terms)
    {
        var tokens = new HashSet<int>();
        foreach (var term in terms)
        {
            _ = AddPairs(term, tokens, MaxAsked);
        }

        return tokens;
    }

    public static int OfTenant(string tenantId) => Scope("tenant", tenantId);

    public static int OfSession(string tenantId, string sessionId) => Scope("session", $"{tenantId}\0{sessionId}");

    // False: there are more.
    private static bool AddPairs(string folded, HashSet<int> tokens, int limit)
    {
        var before = default(Rune?);
        foreach (var rune in folded.EnumerateRunes())
        {
            if (before is { } first && tokens.Count >= limit && !tokens.Contains(Pair(first, rune)))
            {
                return false;
            }

            if (before is { } one)
            {
                tokens.Add(Pair(one, rune));
            }

            before = rune;
        }

        return true;
    }

    // Two odd factors far apart: pairs of one script do not meet in one number.
    private static int Pair(Rune first, Rune second) =>
        unchecked((int)(((uint)first.Value * 0x9E3779B1) + ((uint)second.Value * 0x85EBCA77)));

    private static int Scope(string kind, string id) =>
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{id}")));
}
