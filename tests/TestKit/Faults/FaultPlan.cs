namespace ChatGrpc.TestKit.Faults;

/// <summary>What happens to a connection when enough bytes have passed.</summary>
internal enum Fault
{
    /// <summary>Nothing; it lives for as long as both sides want.</summary>
    None,

    /// <summary>Both sides see it closed in order, in the middle of whatever it carries.</summary>
    Close,

    /// <summary>Both sides see it reset, as when a machine on the way forgets it. What is on the way is lost.</summary>
    Reset,

    /// <summary>The receiving side sees the end of what is sent; the other direction stays open.</summary>
    HalfClose,

    /// <summary>Nothing more passes in this direction until it is released; nobody is told.</summary>
    Hold,
}

/// <summary>The fate of one connection.</summary>
/// <param name="AfterBytes">So many bytes pass in the direction first.</param>
/// <param name="ToClient">The direction that is counted: from the server to the client, or the other one.</param>
internal sealed record FaultPlan(Fault Fault, long AfterBytes = 0, bool ToClient = true)
{
    /// <summary>Passes on at most so many bytes at once: what arrives is never what was sent in one piece.</summary>
    public int LargestPiece { get; init; } = 16 * 1024;

    /// <summary>
    /// Cuts a connection, in any way that ends it, in either direction; what comes before passes in pieces of any size.
    /// </summary>
    /// <param name="furthest">The most bytes that pass before, to the client.</param>
    public static FaultPlan Cut(Random dice, int furthest)
    {
        // A request and what goes before it are some 300 bytes: a fault among them has to come early. And a server
        // that hears no more from its client may well answer in whole: that half is for the other direction.
        var toClient = dice.Next(8) > 0;
        var fault = toClient ? (Fault)dice.Next(1, 4) : (Fault)dice.Next(1, 3);
        return new FaultPlan(fault, dice.Next(toClient ? furthest : 200), toClient)
        {
            LargestPiece = dice.Next(2) == 0 ? dice.Next(1, 100) : 16 * 1024,
        };
    }
}
