using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Conformance;

/// <summary>What a handler does, whatever the kind of its call, and what the client has to see.</summary>
/// <param name="Name">Names the case in the table.</param>
/// <param name="Act">Gets the context and, in a call whose responses are a stream, a way to write one.</param>
internal sealed record Behaviour(
    string Name,
    Func<ServerCallContext, Func<Task>?, Task> Act,
    StatusCode Status = StatusCode.OK,
    string Detail = "",
    int StreamMessages = 0,
    bool SendsHeaders = false)
{
    public const string Unicode = "naïve 100% 日本語 🙂 \u202Eمرحبا\n";

    public static byte[] Binary { get; } = [0, 1, 0xFF, 0x2C, 0x3D];

    public static IReadOnlyList<Behaviour> All { get; } =
    [
        new("returns", async (_, write) =>
        {
            await WriteAsync(write);
            await WriteAsync(write);
        }, StreamMessages: 2),
        new("returns with an empty stream", (_, _) => Task.CompletedTask),
        new("sends headers and trailers", async (context, write) =>
        {
            await context.WriteResponseHeadersAsync(Pairs("h"));
            await WriteAsync(write);
            AddTrailers(context);
        }, StreamMessages: 1, SendsHeaders: true),
        new("fails first", (_, _) => throw Failure(), StatusCode.NotFound, Unicode),
        new("fails after its headers", async (context, _) =>
        {
            await context.WriteResponseHeadersAsync(Pairs("h"));
            throw Failure();
        }, StatusCode.NotFound, Unicode, SendsHeaders: true),
        new("fails after a message", async (context, write) =>
        {
            await WriteAsync(write);
            AddTrailers(context);
            throw Failure();
        }, StatusCode.NotFound, Unicode, StreamMessages: 1),
        new("chooses a status", (context, _) =>
        {
            context.Status = new Status(StatusCode.DataLoss, "half");
            return Task.CompletedTask;
        }, StatusCode.DataLoss, "half"),
    ];

    /// <summary>The echo service with this behaviour behind each of its methods.</summary>
    public EchoScript Script(string text) => new()
    {
        Say = async (_, context) =>
        {
            await Act(context, null);
            return new SayResponse { Text = text };
        },
        Sum = async (requests, context) =>
        {
            await DrainAsync(requests);
            await Act(context, null);
            return new SumResponse { Total = 1 };
        },
        Count = (_, responses, context) =>
            Act(context, () => responses.SendAsync(new CountResponse { Text = text })),
        Chat = async (requests, responses, context) =>
        {
            await DrainAsync(requests);
            await Act(context, () => responses.SendAsync(new ChatResponse { Text = text }));
        },
    };

    public override string ToString() => Name;

    public static Metadata Pairs(string suffix) => new()
    {
        { $"x-{suffix}", "first" },
        { $"x-{suffix}", "second, with a comma" },
        { $"x-{suffix}-bin", Binary },
    };

    private static void AddTrailers(ServerCallContext context)
    {
        foreach (var entry in Pairs("t"))
        {
            context.ResponseTrailers.Add(entry);
        }
    }

    private static Task WriteAsync(Func<Task>? write) => write?.Invoke() ?? Task.CompletedTask;

    private static async Task DrainAsync<T>(IAsyncStreamReader<T> requests)
    {
        while (await requests.NextAsync())
        {
        }
    }

    private static RpcException Failure()
    {
        var status = new Google.Rpc.Status { Code = (int)StatusCode.NotFound, Message = Unicode };
        status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(
            new Google.Rpc.ErrorInfo { Reason = "THING_NOT_FOUND", Domain = "test" }));
        return status.ToRpcException();
    }
}
