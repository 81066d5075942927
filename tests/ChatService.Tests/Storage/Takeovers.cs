using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

/// <summary>Takes over as an incarnation does that has come to stay.</summary>
internal static class Takeovers
{
    public static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(200);

    public static Task EnterAsync(IChatStore store, string incarnation) =>
        store.EnterAsync(incarnation, TimeSpan.FromHours(1), CancellationToken.None).InTime();

    /// <summary>The lease of Sample.Owner is over, and another one takes over what it has.</summary>
    public static async Task<IReadOnlyList<StoredTurn>> OfAllAsync(IChatStore store, string incarnation)
    {
        _ = await store.RenewAsync(Sample.Owner, TimeSpan.Zero, CancellationToken.None).InTime();
        await store.EnterAsync(incarnation, Lease, CancellationToken.None).InTime();
        return await WhenThereAreAnyAsync(store, incarnation);
    }

    /// <summary>As often as needed: it may only after a whole lease.</summary>
    public static async Task<IReadOnlyList<StoredTurn>> WhenThereAreAnyAsync(IChatStore store, string incarnation)
    {
        while (true)
        {
            var taken = await store.TakeOverAsync(incarnation, Lease, CancellationToken.None).InTime();
            if (taken.Count > 0 || !store.IsShared)
            {
                return taken;
            }

            Assert.True(await store.RenewAsync(incarnation, Lease, CancellationToken.None).InTime());
        }
    }
}
