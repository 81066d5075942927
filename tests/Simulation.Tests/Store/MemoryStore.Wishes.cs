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

    private bool IsToEnd(StoredStream stream) =>
        _wishes.Exists(wish => wish.StreamId == stream.Record.StreamId && IsEnd(wish));

    private static bool IsEnd(TurnWish wish) => wish.Kind is WishKind.Cancel or WishKind.Abandon;

    private List<TurnWish> TakeWishes(string incarnation)
    {
        var taken = _wishes.FindAll(wish => IsOwn(wish) && IsOpen(wish));
        _ = _wishes.RemoveAll(wish => IsOwn(wish) && !(IsOpen(wish) && IsEnd(wish)));
        return taken;

        bool IsOwn(TurnWish wish) => Find(wish.StreamId)?.Owner == incarnation;
        bool IsOpen(TurnWish wish) => Find(wish.StreamId)!.Record.IsOpen;
    }
}
