namespace ChatGrpc.TestKit;

/// <summary>No test waits for ever.</summary>
internal static class WaitLimit
{
    /// <summary>Far beyond what anything here takes, on a busy machine too.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(15);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Default);

    public static Task InTime(this Task task) => task.WaitAsync(Default);

    public static Task<T> InTime<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Default);

    public static Task InTime(this ValueTask task) => task.AsTask().WaitAsync(Default);
}
