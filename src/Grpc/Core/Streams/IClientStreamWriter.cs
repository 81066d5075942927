namespace Grpc.Core;

/// <summary>The requests of a streaming method, seen by the client.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Tells the service that no request follows.</summary>
    Task CompleteAsync();
}
