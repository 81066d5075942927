using System.Net;
using System.Net.Sockets;
using ChatGrpc.Bench.StandIn;

// A model provider that costs next to nothing: OpenAI's streamed chat completions over HTTP/1.1, on plain sockets. It
// says where it listens and ends when its standard input does.
using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listener.Listen(backlog: 1_024);
Console.WriteLine($"Now listening on: http://{listener.LocalEndPoint}");

var pacer = new Pacer();
_ = pacer.RunAsync();
_ = AcceptAsync();
while (await Console.In.ReadLineAsync() is not null)
{
}

Environment.Exit(0);

async Task AcceptAsync()
{
    while (true)
    {
        _ = new Connection(await listener.AcceptAsync(), pacer).ServeAsync();
    }
}
