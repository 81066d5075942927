using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Turns;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace ChatGrpc.Endpoints;

/// <summary>
/// grpc.health.v1: whether the service takes calls, which it does not before its store is there. Its parts start and
/// stop together, so all of them, and the server under the empty name, are in the same state.
/// </summary>
internal sealed class HealthEndpoint(IHostApplicationLifetime lifetime, TurnStart start) : Health.HealthBase
{
    private static readonly HashSet<string> Known =
    [
        "", ChatService.Descriptor.FullName, ModelService.Descriptor.FullName, SessionService.Descriptor.FullName,
        ToolService.Descriptor.FullName,
    ];

    private ServingStatus Now =>
        lifetime.ApplicationStarted.IsCancellationRequested && start.Refusal is null
        && !lifetime.ApplicationStopping.IsCancellationRequested
            ? ServingStatus.Serving
            : ServingStatus.NotServing;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Known.Contains(request.Service)
            ? Task.FromResult(new HealthCheckResponse { Status = Now })
            : throw FailureStatus.Of(new Failure(
                Code.NotFound, "SERVICE_NOT_FOUND", "There is no such service here."));

    // Ends with the service: whoever stops it would otherwise wait for its watchers.
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? told = null;
        var isKnown = Known.Contains(request.Service);
        await TellAsync(isKnown ? Now : ServingStatus.ServiceUnknown);
        var stopping = Reached(lifetime.ApplicationStopping, context.CancellationToken);
        await Task.WhenAny(StartedAsync(context.CancellationToken), stopping);
        if (isKnown)
        {
            await TellAsync(Now);
        }

        await stopping;
        if (isKnown)
        {
            await TellAsync(ServingStatus.NotServing);
        }

        async Task TellAsync(ServingStatus status)
        {
            if (status != told)
            {
                told = status;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
            }
        }
    }

    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        await Reached(lifetime.ApplicationStarted, cancellationToken);
        await start.Ready.WaitAsync(cancellationToken);
    }

    private static async Task Reached(CancellationToken stage, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stage.UnsafeRegister(
            static reached => ((TaskCompletionSource)reached!).TrySetResult(), reached);
        await reached.Task.WaitAsync(cancellationToken);
    }
}
