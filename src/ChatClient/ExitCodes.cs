using Grpc.Core;

namespace ChatGrpc.Client;

/// <summary>
/// What the program's end tells a script: 0, the gRPC status of a failure, or a code of the shell's own.
/// </summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The answer that arrived is not the one that the service proves.</summary>
    public const int DataLoss = (int)StatusCode.DataLoss;

    /// <summary>sysexits.h EX_USAGE.</summary>
    public const int Usage = 64;

    /// <summary>sysexits.h EX_IOERR: the answer cannot be written, as on a full disk.</summary>
    public const int Unwritable = 74;

    /// <summary>sysexits.h EX_TEMPFAIL: text was printed that the service withdrew later, as after a crash.</summary>
    public const int Withdrawn = 75;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGPIPE: who was to read the answer is gone.</summary>
    public const int BrokenPipe = 141;

    public const string Help =
        "Exit codes: 0 the answer is complete; 1 to 16 the gRPC status of a failure (14: no service there; 15: the "
        + "answer that arrived is not whole); 64 wrong usage; 74 the output cannot be written; 75 text "
        + "was printed that the service withdrew later; 130 stopped by Ctrl+C; 141 nobody reads the output.";
}
