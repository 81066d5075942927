using System.Text.RegularExpressions;

namespace Tidy.Tests.Symbols;

/// <summary>What compiles and is not wanted: time no test moves, threads that block, output past the log.</summary>
internal static partial class BannedSymbols
{
    private static readonly (Regex Name, string Sentence)[] InSrc =
    [
        (WallClock(), "Time comes from a TimeProvider, which a test can move."),
        (Stopwatches(), "Elapsed time comes from a TimeProvider, which a test can move."),
        (Sleep(), "A thread never sleeps: await Task.Delay with a TimeProvider."),
        (BlockingResult(), "Await the task; .Result blocks a thread of the pool."),
        (BlockingWait(), "Await it; .Wait() blocks a thread of the pool."),
        (AsyncVoid(), "async void cannot be awaited and its exception ends the process: return a Task."),
        (LockThis(), "Lock a private object: anyone may lock this."),
    ];

    private static readonly (Regex Name, string Sentence)[] InTests =
    [
        (Sleep(), "A test never sleeps: move a ManualTimeProvider, or wait for the event."),
        (AnyDelay(), "A test never sleeps: move a ManualTimeProvider, or wait for the event."),
        (Skipped(), "A skipped test is a lie about what works: mend it or delete it."),
        (CannotFail(), "A test that cannot fail is a defect."),
    ];

    public static IEnumerable<Finding> Src(SourceFile file) =>
        file.IsCSharp && file.IsIn("src/")
            ? InSrc.SelectMany(banned => file.InCode(banned.Name, banned.Sentence))
                .Concat(DelaysWithoutProvider(file)).Concat(Output(file))
            : [];

    public static IEnumerable<Finding> Tests(SourceFile file) =>
        file.IsCSharp && file.IsIn("tests/")
            ? InTests.SelectMany(banned => file.InCode(banned.Name, banned.Sentence))
            : [];

    private static IEnumerable<Finding> DelaysWithoutProvider(SourceFile file) =>
        from match in Delay().Matches(file.Code)
        where !Provider().IsMatch(match.Groups["rest"].Value)
        select file.At(
            file.LineOf(match.Index),
            $"{match.Groups["what"].Value} is given a TimeProvider (named time or clock), which a test can move.");

    private static IEnumerable<Finding> Output(SourceFile file) =>
        file.IsIn("src/ChatService/") && file.Path != "src/ChatService/Program.cs"
            ? file.InCode(ConsoleOutput(), "Only Program writes to the console; everything else logs.")
            : [];

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Now|UtcNow|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bStopwatch\b|\bEnvironment\.TickCount|\bnew\s+Timer\s*\(")]
    private static partial Regex Stopwatches();

    [GeneratedRegex(@"\bThread\.(?:Sleep|SpinWait)\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\.Result\b(?!\s*\()")]
    private static partial Regex BlockingResult();

    [GeneratedRegex(@"\.(?:Wait|WaitAll|WaitAny)\s*\(")]
    private static partial Regex BlockingWait();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\block\s*\(\s*this\s*\)")]
    private static partial Regex LockThis();

    // The arguments after the first: one of them has to be the provider. No argument: nothing to delay.
    [GeneratedRegex(@"(?<what>Task\.Delay|new\s+PeriodicTimer|new\s+CancellationTokenSource)\s*\((?=\s*[^)\s])"
        + @"(?<rest>(?>[^()]|(?<open>\()|(?<-open>\)))*)\)")]
    private static partial Regex Delay();

    [GeneratedRegex(@",[^,]*(?:[tT]ime(?!out|[sS]pan)|[cC]lock)")]
    private static partial Regex Provider();

    [GeneratedRegex(@"\bConsole\.(?:Write|Error|Out|Open)")]
    private static partial Regex ConsoleOutput();

    [GeneratedRegex(@"\bTask\.Delay\b")]
    private static partial Regex AnyDelay();

    [GeneratedRegex(@"\bSkip(?:When|Unless)?\s*=(?!=)|\bAssert\.Skip")]
    private static partial Regex Skipped();

    [GeneratedRegex(@"\bAssert\.(?:True\(\s*true|False\(\s*false)\b")]
    private static partial Regex CannotFail();
}
