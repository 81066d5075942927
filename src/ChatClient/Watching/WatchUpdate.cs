using Chat.V1;
using Grpc.Core;

namespace ChatGrpc.Client.Watching;

/// <summary>What a watcher is told: what happens in the session, and to the watch itself.</summary>
internal abstract record WatchUpdate
{
    private WatchUpdate()
    {
    }

    /// <summary>A response as the service sent it.</summary>
    public sealed record Told(WatchSessionResponse Response) : WatchUpdate;

    /// <summary>The connection is gone, and the watch tries again; once for each time that it is away.</summary>
    /// <param name="Begun">The service had said something by then.</param>
    public sealed record Lost(Status Failure, bool Begun) : WatchUpdate;
}
