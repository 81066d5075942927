using ChatGrpc.Storage;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Store;

/// <summary>
/// Carries hints from process to process as NOTIFY does: some are lost, doubled, late, and out of order. Where the
/// store is one process's alone, none.
/// </summary>
internal sealed class HintNetwork(bool isShared, Chance chance, SimulatedClock clock)
{
    private const int LongestMs = 300;

    private readonly List<(Place Place, StoreHints Hints)> _processes = [];

    /// <summary>What a process hears.</summary>
    public StoreHints Join(Place place)
    {
        var hints = new StoreHints();
        if (isShared)
        {
            _processes.Add((place, hints));
        }

        return hints;
    }

    public void TellWritten(Place from) => Tell(from, static hints => hints.TellWritten());

    public void TellWished(Place from) => Tell(from, static hints => hints.TellWished());

    private void Tell(Place from, Action<StoreHints> tell)
    {
        foreach (var (place, hints) in _processes.Where(process => process.Place != from && !process.Place.IsDead))
        {
            for (var copies = chance.Of(0, 1, 1, 2); copies > 0; copies--)
            {
                _ = clock.Place.RunAsync(async () =>
                {
                    await clock.PassAsync(chance.Milliseconds(0, LongestMs));
                    place.Post(_ => tell(hints), null);
                });
            }
        }
    }
}
