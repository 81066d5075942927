using System.Runtime.InteropServices;
using ChatGrpc.Client;

var environment = ConsoleEnvironment.Current();
using var signal = PosixSignalRegistration.Create(
    PosixSignal.SIGINT, pressed => pressed.Cancel = environment.Interrupts.Press());
var parsed = new ChatCommand(environment).Parse(args);
try
{
    foreach (var error in parsed.Errors)
    {
        environment.Terminal.WriteError(error.Message);
    }

    if (parsed.Errors.Count > 0)
    {
        return ExitCodes.Usage;
    }

    // Ctrl+C is the program's own: it stops an answer and not a conversation.
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (IOException unwritable)
{
    return Failures.OfOutput(unwritable, environment.Terminal);
}
