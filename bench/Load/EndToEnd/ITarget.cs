namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>Where streams are opened: the stand-in itself, or what stands before it.</summary>
internal interface ITarget : IDisposable
{
    /// <summary>Sends the request on a warm connection and returns; the stream fills by itself.</summary>
    /// <param name="order">What the stand-in shall send, as it reads it.</param>
    void Open(string order, TokenStream stream);
}
