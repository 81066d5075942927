using System.Net.Sockets;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using Microsoft.AspNetCore.Connections;

namespace ChatGrpc.Hosting;

/// <summary>Says in one line why the service did not start, where that is the operator's to mend.</summary>
internal static class StartupFailure
{
    /// <summary>Null: it is a bug, and its stack is wanted.</summary>
    public static string? Describe(Exception failure) => failure switch
    {
        StartupException known => known.Message,
        StoreException store =>
            $"{store.Message.TrimEnd('.')} ({store.InnerException?.Message.TrimEnd('.')}): mend that, or name another "
            + "folder in Chat:Storage:Path.",
        InvalidDataException { InnerException: FormatException } file =>
            $"{file.Message.TrimEnd('.')} ({Innermost(file).Message.TrimEnd('.')}): mend the file.",
        IOException { InnerException: AddressInUseException } taken =>
            $"{taken.Message.TrimEnd('.')}: stop the other program, or choose another address with "
            + "--urls http://localhost:PORT.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "The address may not be used by this user: choose a port above 1023 with --urls http://localhost:PORT.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "The address is not one of this machine: choose another with --urls http://localhost:PORT.",
        SocketException { SocketErrorCode: SocketError.InvalidArgument or SocketError.AddressFamilyNotSupported } =>
            "The address cannot be listened on: choose another with --urls http://localhost:PORT.",
        InvalidOperationException { Message: var message }
            when message.Contains("Kestrel:Endpoints", StringComparison.Ordinal)
                || message.Contains("required 'Url'", StringComparison.Ordinal) => message,
        InvalidOperationException { Message: var message }
            when message.StartsWith("Unable to configure HTTPS endpoint", StringComparison.Ordinal) =>
            "An https address needs a certificate: name one in Kestrel:Certificates:Default:Path.",
        FormatException { Message: var message } when message.StartsWith("Invalid url", StringComparison.Ordinal) =>
            $"{message}: an address looks like http://localhost:5080.",
        IOException bind when bind.Message.Contains("bind", StringComparison.OrdinalIgnoreCase) =>
            $"{bind.Message.TrimEnd('.')}: choose another address with --urls http://localhost:PORT.",
        _ => null,
    };

    private static Exception Innermost(Exception failure) =>
        failure.InnerException is { } inner ? Innermost(inner) : failure;
}
