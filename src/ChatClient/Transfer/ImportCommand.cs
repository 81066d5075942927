using System.CommandLine;

namespace ChatGrpc.Client.Transfer;

/// <summary>chat import.</summary>
internal sealed class ImportCommand
{
    private readonly Argument<string[]> _files = new("file")
    {
        Description = "Files that chat export wrote; - is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _session =
        new("--session") { Description = "The id of the conversation. Default: the one in the file." };

    /// <param name="run">Imports into the service that the command line names, until Ctrl+C.</param>
    public ImportCommand(
        Func<ParseResult, Func<ImportDesk, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        Import = new Command("import", "Makes conversations of files, each of them whole or not at all.")
        {
            _files, _session,
        };
        Import.Validators.Add(result =>
        {
            if (result.GetResult(_files) is { Tokens.Count: > 1 } && result.GetValue(_session) is not null)
            {
                result.AddError("--session takes one file: a conversation has an id of its own.");
            }
        });
        Import.SetAction((parsed, token) => run(
            parsed,
            (desk, left) => desk.ImportAsync(
                parsed.GetValue(_files) ?? [], parsed.GetValue(_session) ?? "", left),
            token));
    }

    public Command Import { get; }
}
