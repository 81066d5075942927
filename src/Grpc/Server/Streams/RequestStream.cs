using Grpc.Core;

namespace Grpc.AspNetCore.Server.Streams;

/// <summary>The requests of a call, as its handler reads them.</summary>
internal sealed class RequestStream<T>(RequestMessages<T> messages) : IAsyncStreamReader<T>
    where T : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("No message has been read.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var read = messages.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully
            ? Take(read.GetAwaiter().GetResult()) ? True : False
            : AwaitAsync(read);
    }

    private async Task<bool> AwaitAsync(ValueTask<T?> read) => Take(await read);

    private bool Take(T? message)
    {
        _current = message;
        return message is not null;
    }
}
