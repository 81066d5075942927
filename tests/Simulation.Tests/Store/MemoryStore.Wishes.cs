using ChatGrpc.Storage;

namespace Simulation.Tests.Store;

internal sealed partial class MemoryStore
{
    private readonly List<TurnWish> _wishes = [];

    public Task WishAsync(TurnWish wish, CancellationToken cancellationToken) =>
        DoAsync(() => Wish(wish with { ToolResult = wish.ToolResult?.Clone() }), cancellationToken);

    public Task<IReadOnlyList<TurnWish>> TakeWishesAsync(
        string incarnation, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<TurnWish>>(() => TakeWishes(incarnation), cancellationToken);

    private bool Wish(TurnWish wish)
    {
        var isOpen = Find(wish.TenantId, wish.StreamId) is { Record.IsOpen: true };
        if (isOpen)
        {
            _wishes.Add(wish);
        }

        return isOpen;
    }

    private bool IsToEnd(StoredStream stream) => _wishes.Exists(wish =>
        wish.StreamId == stream.Record.StreamId && wish.Kind is WishKind.Cancel or WishKind.Abandon);

    private List<TurnWish> TakeWishes(string incarnation)
    {
        var taken = _wishes.FindAll(wish => Find(wish.StreamId)?.Owner == incarnation);
        _ = _wishes.RemoveAll(wish => Find(wish.StreamId) is not { } stream || stream.Owner == incarnation);
        return taken;
    }
}
