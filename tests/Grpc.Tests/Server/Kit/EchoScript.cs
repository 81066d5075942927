using Grpc.Core;
using Grpc.Tests.V1;

namespace Grpc.Tests.Server.Kit;

/// <summary>What the echo service does; a test replaces the method it is about.</summary>
internal sealed class EchoScript
{
    public Func<SayRequest, ServerCallContext, Task<SayResponse>> Say { get; set; } =
        (request, _) => Task.FromResult(new SayResponse { Text = request.Text });

    public Func<CountRequest, IServerStreamWriter<CountResponse>, ServerCallContext, Task> Count { get; set; } =
        async (request, responses, _) =>
        {
            for (var i = 0; i < request.Count; i++)
            {
                await responses.WriteAsync(new CountResponse { Index = i });
            }
        };

    public Func<IAsyncStreamReader<SumRequest>, ServerCallContext, Task<SumResponse>> Sum { get; set; } =
        async (requests, _) =>
        {
            var total = 0L;
            await foreach (var request in requests.ReadAllAsync())
            {
                total += request.Value;
            }

            return new SumResponse { Total = total };
        };

    public Func<IAsyncStreamReader<ChatRequest>, IServerStreamWriter<ChatResponse>, ServerCallContext, Task> Chat
    {
        get;
        set;
    } =
        async (requests, responses, _) =>
        {
            await foreach (var request in requests.ReadAllAsync())
            {
                await responses.WriteAsync(new ChatResponse { Text = request.Text });
            }
        };
}

/// <summary>The service over the generated base, as an application would write it.</summary>
internal sealed class ScriptedEchoService(EchoScript script) : EchoService.EchoServiceBase
{
    public override Task<SayResponse> Say(SayRequest request, ServerCallContext context) =>
        script.Say(request, context);

    public override Task Count(
        CountRequest request, IServerStreamWriter<CountResponse> responseStream, ServerCallContext context) =>
        script.Count(request, responseStream, context);

    public override Task<SumResponse> Sum(IAsyncStreamReader<SumRequest> requestStream, ServerCallContext context) =>
        script.Sum(requestStream, context);

    public override Task Chat(
        IAsyncStreamReader<ChatRequest> requestStream,
        IServerStreamWriter<ChatResponse> responseStream,
        ServerCallContext context) => script.Chat(requestStream, responseStream, context);
}

/// <summary>Reading and writing as a handler does that passes no token of its own.</summary>
internal static class Tokenless
{
    public static Task SendAsync<T>(this IServerStreamWriter<T> responses, T message) =>
        responses.WriteAsync(message, CancellationToken.None);

    public static Task<bool> NextAsync<T>(this IAsyncStreamReader<T> requests) =>
        requests.MoveNext(CancellationToken.None);
}

/// <summary>Takes trees.</summary>
internal sealed class PlantingTreeService : TreeService.TreeServiceBase
{
    public override Task<PlantResponse> Plant(PlantRequest request, ServerCallContext context) =>
        Task.FromResult(new PlantResponse());
}
