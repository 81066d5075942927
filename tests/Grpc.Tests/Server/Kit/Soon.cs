namespace Grpc.Tests.Server.Kit;

/// <summary>A limit on every wait: a test that waits longer has failed.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static Task WithinLimit(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> WithinLimit<T>(this Task<T> task) =>
        task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    /// <summary>Ends when a token fires.</summary>
    public static async Task Fires(this CancellationToken token)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() => fired.TrySetResult());
        await fired.Task.WithinLimit();
    }
}
