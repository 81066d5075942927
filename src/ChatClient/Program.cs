using ChatGrpc.Client;

var environment = ConsoleEnvironment.Current();
var parsed = new ChatCommand(environment).Root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        environment.Terminal.WriteError(error.Message);
    }

    return ExitCodes.Usage;
}

// Ctrl+C cancels the token; the answer is then given so long to stop.
return await parsed.InvokeAsync(new()
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = Exchange.CancelPatience + TimeSpan.FromSeconds(1),
});
