using System.Diagnostics;
using System.Globalization;

namespace Chaos.Tests.Faults;

/// <summary>A process and its children, to whom the same happens.</summary>
internal static class ProcessTree
{
    /// <summary>They stand still, as on a machine that hangs; nobody is told.</summary>
    public static Task StopAsync(int process) => SignalAsync("-STOP", process);

    public static Task ContinueAsync(int process) => SignalAsync("-CONT", process);

    private static async Task SignalAsync(string signal, int process)
    {
        var all = Children(process).Prepend(process).Select(id => id.ToString(CultureInfo.InvariantCulture));
        using var kill = Process.Start("kill", [signal, .. all]);
        await kill.WaitForExitAsync();
    }

    private static IEnumerable<int> Children(int process) =>
        from folder in Directory.GetDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
        where ParentOf(folder) == process
        select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);

    // The fourth field; the second is the name in parentheses, which may hold anything.
    private static int ParentOf(string folder)
    {
        try
        {
            var fields = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(fields[(fields.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }
}
