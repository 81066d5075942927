using System.CommandLine;

namespace ChatGrpc.Client.Sessions;

/// <summary>chat sessions, and what can be done with one of them.</summary>
internal sealed class SessionCommands
{
    private readonly Argument<string> _session = new("id") { Description = "The session's id." };

    private readonly Argument<string[]> _title = new("title")
    {
        Description = "Its new title; words without quotes do as well.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <param name="run">Does something with the sessions of the service that the command line names.</param>
    public SessionCommands(Func<ParseResult, Func<SessionDesk, Task>, Task<int>> run)
    {
        All = new Command("sessions", "Lists the conversations, the one with the newest turn first.")
        {
            Subcommand(
                new Command("show", "Prints the messages of one.") { _session },
                (desk, parsed, token) => desk.ShowAsync(Session(parsed), token)),
            Subcommand(
                new Command("rename", "Gives one another title.") { _session, _title },
                (desk, parsed, token) => desk.RenameAsync(Session(parsed), Title(parsed), token)),
            Subcommand(
                new Command("delete", "Removes one for good; a turn that runs is stopped.") { _session },
                (desk, parsed, token) => desk.DeleteAsync(Session(parsed), token)),
        };
        _ = Subcommand(All, (desk, _, token) => desk.ListAsync(token));

        Command Subcommand(Command command, Func<SessionDesk, ParseResult, CancellationToken, Task> action)
        {
            command.SetAction((parsed, token) => run(parsed, desk => action(desk, parsed, token)));
            return command;
        }
    }

    public Command All { get; }

    private string Session(ParseResult parsed) => parsed.GetValue(_session) ?? "";

    private string Title(ParseResult parsed) => string.Join(' ', parsed.GetValue(_title) ?? []);
}
