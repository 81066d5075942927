using System.CommandLine;

namespace ChatGrpc.Client.Search;

/// <summary>chat search.</summary>
internal sealed class SearchCommand
{
    // As many as the service gives in a page by default: what a person looks through.
    private const int DefaultLimit = 20;
    private const int MostHits = 100_000;

    private readonly Argument<string[]> _words = new("words")
    {
        Description = "What stands in the message or the title: all of the words. \"Words in quotes\" stand together.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _session = new("--session") { Description = "Only in that conversation." };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"How many are shown, 1 to {MostHits:N0}.",
        DefaultValueFactory = _ => DefaultLimit,
    };

    private readonly Func<string, int> _misused;

    /// <param name="run">Searches the service that the command line names.</param>
    public SearchCommand(Func<ParseResult, Func<SearchDesk, Task<int>>, Task<int>> run, Func<string, int> misused)
    {
        _misused = misused;
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= MostHits))
            {
                result.AddError($"--limit takes a number from 1 to {MostHits:N0}.");
            }
        });
        Search = new Command("search", "Finds messages and titles by their words, the newest first.")
        {
            _words, _session, _limit,
        };
        Search.SetAction((parsed, token) => run(parsed, desk => SearchAsync(desk, parsed, token)));
    }

    public Command Search { get; }

    private Task<int> SearchAsync(SearchDesk desk, ParseResult parsed, CancellationToken cancellationToken)
    {
        var words = parsed.GetValue(_words) ?? [];
        return UnknownOption.In(parsed, words) is { } unknown
            ? Task.FromResult(_misused(unknown))
            : desk.SearchAsync(
                string.Join(' ', words.Select(Term)),
                parsed.GetValue(_session) ?? "",
                parsed.GetValue(_limit),
                cancellationToken);
    }

    // The shell has taken the quotes away that held the words together.
    private static string Term(string word) =>
        word.Any(char.IsWhiteSpace) && !word.Contains('"', StringComparison.Ordinal) ? $"\"{word}\"" : word;
}
