using System.Globalization;
using System.Text;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.Storage.Search;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage.Search;

/// <summary>The index is a shortcut and nothing else.</summary>
public sealed class SearchPropertyTests : IDisposable
{
    // Few of each script, so that texts have much in common; with what changes its length, joins or is passed over.
    private static readonly string[] Alphabet =
    [
        "a", "b", "B", "é", "e", "\u0301", "ß", "s", "ﬁ", "f", "i", " ", "\n", "人", "工", "智", "한", "\u1112", "\u1161",
        "\u11AB", "ש", "\u05B8", "ل", "😀", "👨", "\u200D", "👧", "１", "1",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Search_RandomTextsOfMixedScripts_FindsWhatALookAtEachFinds()
    {
        var dice = Dice();
        await using var store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        var texts = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            var (question, answer) = (Text(dice, 30), Text(dice, 200));
            await AddAsync(store, $"s{i % 7}", question, answer);
            texts.AddRange([question, answer]);
            await (i == 40 ? store.CatchUpAsync(CancellationToken.None).InTime() : Task.CompletedTask);
        }

        var found = 0;
        for (var i = 0; i < 400; i++)
        {
            var query = Text(dice, 1 + dice.Next(5)).Trim();
            var terms = SearchTerms.Read(query)!;
            if (!terms.Any(SearchTerms.IsIndexed))
            {
                continue;
            }

            var expected = texts.Where(text => SearchTerms.AllIn(FoldedText.Of(text), terms)).Reverse().ToList();
            Assert.Equal(expected, await FoundAsync(store, terms));
            found += expected.Count;
        }

        Assert.NotEqual(0, found);
    }

    private static Random Dice()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("CHATGRPC_TEST_SEED"), CultureInfo.InvariantCulture, out var wanted)
            ? wanted
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"CHATGRPC_TEST_SEED={seed}");
        return new Random(seed);
    }

    private static string Text(Random dice, int length)
    {
        var text = new StringBuilder();
        for (var i = 0; i < length; i++)
        {
            text.Append(Alphabet[dice.Next(Alphabet.Length)]);
        }

        return text.ToString();
    }

    private static async Task AddAsync(EmbeddedStore store, string session, string question, string answer)
    {
        var turn = Sample.Turn(session, text: question);
        _ = await store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        _ = await store.CommitAsync([Sample.Close(turn, 1, 1, answer)], CancellationToken.None).InTime();
    }

    // Messages alone: titles are made of the same texts.
    private static async Task<List<string>> FoundAsync(EmbeddedStore store, IReadOnlyList<string> terms)
    {
        var found = new List<string>();
        for (long? before = long.MaxValue; before is not null;)
        {
            var query = new SearchQuery(terms, "", before, 7);
            var page = await store.SearchAsync(Sample.Tenant, query, CancellationToken.None).InTime();
            found.AddRange(page.Found.Where(each => each.MessageId.Length > 0).Select(each => each.Text));
            before = page.Next;
        }

        return found;
    }
}
