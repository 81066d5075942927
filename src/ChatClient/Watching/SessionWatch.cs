using System.Runtime.CompilerServices;
using Chat.V1;
using ChatGrpc.Client.Streams;
using Grpc.Core;

namespace ChatGrpc.Client.Watching;

/// <summary>
/// Follows one session over as many connections as that takes: what is cut off goes on after the last cursor.
/// </summary>
internal sealed class SessionWatch(SessionService.SessionServiceClient sessions, Outage outage)
{
    private string _cursor = "";
    private bool _begun;

    /// <summary>Ends with the token only.</summary>
    /// <exception cref="RpcException">What is wrong with the request, or what the last try failed with.</exception>
    public async IAsyncEnumerable<WatchUpdate> FollowAsync(
        string session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var request = new WatchSessionRequest { SessionId = session, Cursor = _cursor };
            using var call = sessions.WatchSession(request, cancellationToken: cancellationToken);
            var (moved, failure) = await Drops.MoveAsync(call.ResponseStream, cancellationToken);
            while (moved)
            {
                outage.End();
                _begun = true;
                var response = call.ResponseStream.Current;
                _cursor = response.Cursor.Length > 0 ? response.Cursor : _cursor;
                yield return new WatchUpdate.Told(response);
                (moved, failure) = await Drops.MoveAsync(call.ResponseStream, cancellationToken);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                yield break;
            }

            failure ??= new RpcException(new Status(StatusCode.Unavailable, "The service ended the watch."));
            if (!Drops.IsDrop(failure, _begun))
            {
                throw failure;
            }

            if (outage.IsOver && outage.Patience > TimeSpan.Zero)
            {
                yield return new WatchUpdate.Lost(failure.Status, _begun);
            }

            if (!await outage.WaitAsync(Drops.RetryDelay(failure), cancellationToken))
            {
                throw failure;
            }
        }
    }
}
