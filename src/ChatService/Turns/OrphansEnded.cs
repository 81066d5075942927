using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>What came of orphans that were to be ended.</summary>
/// <param name="SeenTo">Those that need nothing more.</param>
/// <param name="Ended">The streams of them that were ended by this.</param>
/// <param name="Failure">Why there may be others; null: there are none.</param>
internal sealed record OrphansEnded(
    IReadOnlyList<StreamRecord> SeenTo, IReadOnlyList<string> Ended, Exception? Failure);
