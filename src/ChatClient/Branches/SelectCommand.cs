using System.CommandLine;

namespace ChatGrpc.Client.Branches;

/// <summary>chat select: the branch with which a session goes on.</summary>
internal sealed class SelectCommand
{
    private readonly Argument<string> _session = new("session") { Description = "The session's id." };

    private readonly Argument<string?> _message = new("message")
    {
        Description = "A message of the branch: its id, or the end of it. The branch ends with the newest below it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _next =
        new("--next") { Description = "The branch after this one, where the session branched last." };

    private readonly Option<bool> _previous = new("--previous") { Description = "The one before it." };

    /// <param name="run">Does something with the branches of the service that the command line names.</param>
    public SelectCommand(Func<ParseResult, Func<BranchDesk, Task<int>>, Task<int>> run)
    {
        Select = new Command("select", "Goes on with another branch of a session.")
        {
            _session, _message, _next, _previous,
        };
        Select.Validators.Add(result =>
        {
            bool[] given = [
                result.GetResult(_message) is { Tokens.Count: > 0 }, result.GetValue(_next), result.GetValue(_previous),
            ];
            if (given.Count(isGiven => isGiven) > 1)
            {
                result.AddError("A message, --next and --previous exclude each other.");
            }
        });
        Select.SetAction((parsed, token) => run(parsed, desk =>
        {
            var session = parsed.GetValue(_session) ?? "";
            return parsed.GetValue(_message) is { } message
                ? desk.SelectAsync(session, message, token)
                : desk.StepAsync(session, parsed.GetValue(_next) ? 1 : -1, token);
        }));
    }

    public Command Select { get; }

    /// <summary>False: "select one" is a question.</summary>
    public bool IsMeant(ParseResult parsed) => parsed.GetValue(_next) || parsed.GetValue(_previous)
        || (parsed.GetValue(_message) is { } message && MessageName.IsOne(message));
}
