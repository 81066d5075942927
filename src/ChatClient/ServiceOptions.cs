using System.CommandLine;
using Grpc.Core;

namespace ChatGrpc.Client;

/// <summary>What the command line says of the service, and the connection to it.</summary>
internal sealed class ServiceOptions(ConsoleEnvironment environment)
{
    private readonly Option<string> _server = new("--server")
    {
        Description = $"The service. Default: ${ServerAddress.Variable}, else {ServerAddress.Default}.",
        Recursive = true,
    };

    private readonly Option<string> _key = new("--api-key")
    {
        Description = $"The key that the service wants. Default: ${ServiceKey.Variable}, which others do not see.",
        Recursive = true,
    };

    private readonly Option<bool> _cleartextKey = new(ServiceKey.CleartextOption)
    {
        Description = "Send the key to another machine without TLS as well.",
        Recursive = true,
    };

    public void AddTo(Command command)
    {
        Option[] all = [_server, _key, _cleartextKey];
        Array.ForEach(all, command.Add);
    }

    /// <summary>Does something with the service, and tells why it did not if the service refused it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ConnectAsync(ParseResult parsed, Func<ChatConnection, Task<int>> run)
    {
        var server = ServerAddress.Parse(
            parsed.GetValue(_server) ?? environment.Server ?? ServerAddress.Default, out var error);
        if (server is null)
        {
            return Misused(error);
        }

        var key = parsed.GetValue(_key) ?? environment.ApiKey ?? "";
        if (ServiceKey.Refusal(key, server, parsed.GetValue(_cleartextKey)) is { } refused)
        {
            return Misused(refused);
        }

        using var connection = new ChatConnection(server, key);
        try
        {
            return await run(connection);
        }
        catch (RpcException failure)
        {
            return Failures.Tell(failure, server, environment.Terminal);
        }
    }

    /// <summary>Says what is wrong with the command line.</summary>
    /// <returns>The exit code.</returns>
    public int Misused(string error)
    {
        environment.Terminal.WriteError(error);
        return ExitCodes.Usage;
    }
}
