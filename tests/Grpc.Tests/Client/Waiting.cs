using Grpc.Core;
using Xunit;

namespace Grpc.Tests.Client;

/// <summary>Waits that end: what should come comes soon, or the test fails.</summary>
internal static class Waiting
{
    // A busy machine takes a second at worst; ten tell a hang from a delay.
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task Soon(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<RpcException> FailsSoon(this Task task) => Assert.ThrowsAsync<RpcException>(() => task.Soon());
}
