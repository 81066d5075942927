using System.Reflection;
using ChatGrpc.Bench.Host;

// The process under measurement: the service itself, or a bare endpoint it is compared with. It answers a line on
// standard input with its figures, and ends when standard input does.
var server = args switch
{
    ["service", .. var rest] => Task.Run(() => Assembly.Load("ChatService").EntryPoint!.Invoke(null, [rest])),
    ["bare", var url] => BareEndpoint.RunAsync(url),
    ["stack", var url] => StackEndpoint.RunAsync(url),
    ["relay", var url, var upstream] => RelayEndpoint.RunAsync(url, new Uri(upstream)),
    _ => throw new ArgumentException("Usage: service [settings] | bare URL | stack URL | relay URL UPSTREAM"),
};

while (await Console.In.ReadLineAsync() is { } command)
{
    if (command == "collect")
    {
        Figures.Collect();
    }

    await Console.Out.WriteLineAsync(Figures.Take());
}

Environment.Exit(server.IsFaulted ? 1 : 0);
