namespace Grpc.Tests.Server.Kit;

/// <summary>Something that happens once and that others wait for.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _opened.TrySetResult();

    public Task Opened() => _opened.Task.WithinLimit();
}
