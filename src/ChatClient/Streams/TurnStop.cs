using Chat.V1;
using Grpc.Core;
using Service = Chat.V1.ChatService;

namespace ChatGrpc.Client.Streams;

/// <summary>Ends a turn, also one of which the service has not said anything yet.</summary>
internal sealed class TurnStop(Service.ChatServiceClient chat, TimeProvider time)
{
    /// <summary>A service that does not answer a cancel is not waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // The message is on its way, or the service is: one that was started again takes a second or two.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries until it is confirmed.</summary>
    /// <param name="target">What is known of the turn by then.</param>
    /// <exception cref="OperationCanceledException">It was not confirmed in time.</exception>
    public async Task<CancelStreamResponse> ConfirmAsync(
        Func<CancelStreamRequest> target, CancellationToken abandoned)
    {
        while (true)
        {
            try
            {
                return await chat.CancelStreamAsync(target(), cancellationToken: abandoned);
            }
            catch (RpcException)
            {
                await Task.Delay(Pause, time, abandoned);
            }
        }
    }
}
