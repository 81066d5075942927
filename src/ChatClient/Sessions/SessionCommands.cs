using System.CommandLine;

namespace ChatGrpc.Client.Sessions;

/// <summary>chat ls, and what can be done with a session; some of it below chat sessions too.</summary>
internal sealed class SessionCommands
{
    private readonly Argument<string> _session = new("id") { Description = "The session's id." };

    private readonly Argument<string[]> _title = new("title")
    {
        Description = "Its new title; words without quotes do as well.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _branch = new("--branch")
    {
        Description = "The branch that ends with this message: its id or the end of it. Default: the one that goes on.",
    };

    private readonly Option<bool> _everything = new("--all") { Description = "The messages of all branches." };

    private readonly Option<string> _at = new("--at")
    {
        Description = "The last message of the new one: its id, or the end of it. Default: the newest of the branch "
            + "that goes on.",
    };

    private readonly Option<string> _as =
        new("--as") { Description = "The id of the new one. Default: the service makes one." };

    private readonly Func<ParseResult, Func<SessionDesk, Task<int>>, Task<int>> _run;

    /// <param name="run">Does something with the sessions of the service that the command line names.</param>
    public SessionCommands(Func<ParseResult, Func<SessionDesk, Task<int>>, Task<int>> run)
    {
        _run = run;
        var sessions = List("sessions", "The same as ls; show, rename and delete may stand after it.");
        Command[] below = [Show(), Rename(), Delete("delete")];
        Array.ForEach(below, sessions.Add);
        var ls = List("ls", "Lists the conversations, the one with the newest turn first.");
        All = [sessions, ls, Show(), Rename(), Delete("rm"), Fork()];
    }

    public IReadOnlyList<Command> All { get; }

    private Command List(string name, string description) => Running(
        new Command(name, description), (desk, _, token) => desk.ListAsync(token));

    private Command Show()
    {
        var show = new Command("show", "Prints the messages of one, and where it has other branches.")
        {
            _session, _branch, _everything,
        };
        show.Validators.Add(result =>
        {
            if (result.GetValue(_everything) && result.GetValue(_branch) is not null)
            {
                result.AddError("--branch and --all exclude each other.");
            }
        });
        return Running(show, (desk, parsed, token) => desk.ShowAsync(
            Session(parsed), parsed.GetValue(_branch) ?? "", parsed.GetValue(_everything), token));
    }

    private Command Rename() => Running(
        new Command("rename", "Gives one another title.") { _session, _title },
        (desk, parsed, token) => desk.RenameAsync(
            Session(parsed), string.Join(' ', parsed.GetValue(_title) ?? []), token));

    private Command Delete(string name) => Running(
        new Command(name, "Removes one for good; a turn that runs is stopped.") { _session },
        (desk, parsed, token) => desk.DeleteAsync(Session(parsed), token));

    private Command Fork() => Running(
        new Command("fork", "Makes a new one of a branch, with copies of its messages.") { _session, _at, _as },
        (desk, parsed, token) => desk.ForkAsync(
            Session(parsed), parsed.GetValue(_at) ?? "", parsed.GetValue(_as) ?? "", token));

    private Command Running(Command command, Func<SessionDesk, ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction((parsed, token) => _run(parsed, desk => action(desk, parsed, token)));
        return command;
    }

    private string Session(ParseResult parsed) => parsed.GetValue(_session) ?? "";
}
