namespace Grpc.Core;

/// <summary>The responses of a streaming method, seen by the service.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}
