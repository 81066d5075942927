using ChatGrpc.Client.Rendering;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace ChatGrpc.Client;

/// <summary>Says what went wrong so that a person knows what to do next.</summary>
internal static class Failures
{
    // EPIPE, which .NET gives as it is; ERROR_BROKEN_PIPE and ERROR_NO_DATA, which it gives as HRESULTs.
    private const int BrokenPipe = 32;
    private const int BrokenPipeOfWindows = unchecked((int)0x8007006D);
    private const int ClosingPipeOfWindows = unchecked((int)0x800700E8);

    /// <param name="answering">The stream had begun: the service knows of the message.</param>
    public static IEnumerable<string> Describe(RpcException failure, Uri server, bool answering)
    {
        var details = failure.GetRpcStatus();
        var reason = details?.GetDetail<ErrorInfo>()?.Reason;
        if (failure.StatusCode == Grpc.Core.StatusCode.Unavailable && reason is null)
        {
            yield return answering
                ? $"The connection to {Shown(server)} broke: the answer above is not whole. "
                    + "A service that still runs goes on with it and saves it."
                : NoService(failure.Status, server);
            yield break;
        }

        if (failure.StatusCode is Grpc.Core.StatusCode.Internal or Grpc.Core.StatusCode.Unimplemented
            && reason is null && !answering)
        {
            yield return $"{Shown(server)} is no ChatGrpc service, or a much older one ({failure.Status.Detail}).";
            yield break;
        }

        if (failure.StatusCode == Grpc.Core.StatusCode.Unauthenticated && reason is not null)
        {
            yield return reason == "CREDENTIALS_MISSING"
                ? $"{Shown(server)} wants a key."
                : $"{Shown(server)} did not take the key: {failure.Status.Detail} ({reason})";
            yield return $"Set ${ServiceKey.Variable} or --api-key to one that whoever runs the service gave you.";
            yield break;
        }

        yield return reason is null
            ? $"{failure.StatusCode}: {failure.Status.Detail}"
            : $"{failure.Status.Detail} ({reason})";
        foreach (var violation in details?.GetDetail<BadRequest>()?.FieldViolations ?? [])
        {
            yield return $"  {violation.Field}: {violation.Description}";
        }

        if (reason == "LOG_EXPIRED" && details?.GetDetail<ErrorInfo>()?.Metadata is { } expired
            && expired.TryGetValue("session_id", out var session))
        {
            yield return $"The answer is among: chat show {session}";
        }

        if (details?.GetDetail<RetryInfo>()?.RetryDelay is { } wait)
        {
            yield return $"Try again in {wait.ToTimeSpan().TotalSeconds:0.#} s.";
        }
    }

    /// <summary>What became of a call that is no answer.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(RpcException failure, Uri server, Terminal terminal)
    {
        foreach (var line in Describe(failure, server, answering: false))
        {
            terminal.WriteError(line);
        }

        return (int)failure.StatusCode;
    }

    /// <summary>That the program goes on trying, and for how long.</summary>
    public static string Waiting(Status failure, Uri server, TimeSpan patience, bool answering) => answering
        ? "Connection lost, trying again…"
        : $"{NoService(failure, server)} Trying again for {patience.TotalSeconds:0.#} s…";

    /// <summary>The exit code of an output that takes no more; who left a pipe knows it and is not told.</summary>
    public static int OfOutput(IOException failure, Terminal terminal)
    {
        if (failure.HResult is BrokenPipe or BrokenPipeOfWindows or ClosingPipeOfWindows)
        {
            return ExitCodes.BrokenPipe;
        }

        terminal.WriteError($"The output cannot be written: {failure.Message}");
        return ExitCodes.Unwritable;
    }

    private static string NoService(Status failure, Uri server) =>
        $"No service at {Shown(server)} ({failure.Detail}). Start one with: dotnet run --project src/ChatService, "
        + "or name another with --server.";

    private static string Shown(Uri server) => server.GetLeftPart(UriPartial.Authority);
}
