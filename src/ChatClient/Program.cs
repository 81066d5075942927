using System.Runtime.InteropServices;
using ChatGrpc.Client;

var environment = ConsoleEnvironment.Current();
using var signal = PosixSignalRegistration.Create(
    PosixSignal.SIGINT, pressed => pressed.Cancel = environment.Interrupts.Press());
var parsed = new ChatCommand(environment).Root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        environment.Terminal.WriteError(error.Message);
    }

    return ExitCodes.Usage;
}

// Ctrl+C is the program's own: it stops an answer and not a conversation.
return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
