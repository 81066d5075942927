using System.Globalization;
using System.Runtime;

namespace ChatGrpc.Bench.Host;

/// <summary>What this process has used so far, as one line.</summary>
internal static class Figures
{
    public static string Take() => string.Create(
        CultureInfo.InvariantCulture,
        $"figures {Environment.CpuUsage.TotalTime.TotalMilliseconds} {GC.GetTotalAllocatedBytes(precise: true)} "
        + $"{Environment.WorkingSet}");

    /// <summary>What is resident after this is in use.</summary>
    public static void Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
