namespace ChatGrpc.Turns;

/// <summary>One life of the service: the turns that it opens and takes over are its own.</summary>
internal sealed class Incarnation(TimeProvider time)
{
    public string Id { get; } = Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
