using System.CommandLine;
using System.CommandLine.Parsing;
using Chat.V1;

namespace ChatGrpc.Client.Transfer;

/// <summary>chat export.</summary>
internal sealed class ExportCommand
{
    private const string ToOutput = "-";

    private readonly Argument<string?> _session = new("session")
    {
        Description = "The session's id.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _all = new("--all") { Description = "All conversations, a file each in a folder." };

    private readonly Option<string> _output =
        new("--output", "-o") { Description = "The file, or the folder. Default: standard output." };

    private readonly Option<bool> _force = new("--force") { Description = "Write over files that are there already." };

    private readonly Option<bool> _markdown =
        new("--markdown") { Description = "One branch to read, instead of JSON that chat import takes." };

    private readonly Option<string> _branch = new("--branch")
    {
        Description = "With --markdown, the branch that ends with this message: its id, or the end of it.",
    };

    /// <param name="run">Exports from the service that the command line names, until Ctrl+C.</param>
    public ExportCommand(
        Func<ParseResult, Func<ExportDesk, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        Export = new Command("export", "Writes a conversation as a file that chat import takes, or to be read.")
        {
            _session, _all, _output, _force, _markdown, _branch,
        };
        Export.Validators.Add(Check);
        Export.SetAction((parsed, token) => run(parsed, (desk, left) => ExportAsync(desk, parsed, left), token));
    }

    public Command Export { get; }

    private void Check(CommandResult result)
    {
        var isNamed = result.GetResult(_session) is { Tokens.Count: > 0 };
        var isAll = result.GetValue(_all);
        var error = isAll == isNamed ? "Name a session, or --all."
            : isAll && result.GetValue(_output) is null or ToOutput ? "--all takes a folder: -o FOLDER."
            : result.GetValue(_branch) is null ? ""
            : isAll ? "--branch and --all exclude each other."
            : !result.GetValue(_markdown) ? "--branch takes --markdown: JSON has all branches."
            : "";
        if (error.Length > 0)
        {
            result.AddError(error);
        }
    }

    private Task<int> ExportAsync(ExportDesk desk, ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = parsed.GetValue(_markdown) ? ExportFormat.Markdown : ExportFormat.Json;
        var output = parsed.GetValue(_output);
        var force = parsed.GetValue(_force);
        if (parsed.GetValue(_all))
        {
            return desk.ExportAllAsync(format, output ?? "", force, cancellationToken);
        }

        var request = new ExportSessionRequest
        {
            SessionId = parsed.GetValue(_session) ?? "",
            Format = format,
            BranchMessageId = parsed.GetValue(_branch) ?? "",
        };
        return desk.ExportAsync(request, output == ToOutput ? null : output, force, cancellationToken);
    }
}
