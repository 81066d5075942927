namespace Tidy.Tests.Symbols;

public sealed class BannedSymbolsTests
{
    [Fact]
    public void Src_ThisRepository_Holds() => Repository.Obeys(BannedSymbols.Src);

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = DateTimeOffset.Now;")]
    [InlineData("var day = DateTime.Today;")]
    [InlineData("var watch = Stopwatch.StartNew();")]
    [InlineData("var ticks = Environment.TickCount64;")]
    [InlineData("var timer = new Timer(Run);")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("var answer = task.Result;")]
    [InlineData("task.Wait();")]
    [InlineData("Task.WaitAll(tasks);")]
    [InlineData("async void Run() { }")]
    [InlineData("lock (this) { }")]
    [InlineData("await Task.Delay(100);")]
    [InlineData("await Task.Delay(Pause(2), token);")]
    [InlineData("await Task.Delay(time);")]
    [InlineData("await Task.Delay(pause, timeoutToken);")]
    [InlineData("var timer = new PeriodicTimer(period);")]
    [InlineData("var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));")]
    [InlineData("Console.WriteLine(text);")]
    [InlineData("await Console.Error.WriteLineAsync(text);")]
    [InlineData("var text = $\"{task.Result}\";")]
    public void Src_BannedSymbol_IsFound(string line) => Assert.Single(BannedSymbols.Src(InService(line)));

    [Theory]
    [InlineData("var now = time.GetUtcNow();")]
    [InlineData("await Task.Delay(delay, _time, token);")]
    [InlineData("await Task.Delay(failed == 0 ? Pause(n) : RetryPause, clock);")]
    [InlineData("var limit = new CancellationTokenSource(Timeout(3), TimeProvider.System);")]
    [InlineData("var stop = new CancellationTokenSource();")]
    [InlineData("var result = call.Result();")]
    [InlineData("await semaphore.WaitAsync(token);")]
    [InlineData("// DateTime.UtcNow")]
    [InlineData("var text = \"task.Result\";")]
    public void Src_OrdinaryCode_IsNotFound(string line) => Assert.Empty(BannedSymbols.Src(InService(line)));

    [Theory]
    [InlineData("src/ChatService/Program.cs")]
    [InlineData("src/ChatClient/Output.cs")]
    public void Src_ConsoleOfAProgram_IsNotFound(string path) =>
        Assert.Empty(BannedSymbols.Src(new SourceFile(path, "Console.WriteLine(text);")));

    [Fact]
    public void Tests_ThisRepository_Holds() => Repository.Obeys(BannedSymbols.Tests);

    [Theory]
    [InlineData("await Task.Delay(1, time);")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("[Fact(Skip = \"later\")]")]
    [InlineData("[Fact(SkipWhen = nameof(IsSlow))]")]
    [InlineData("Assert.Skip(\"later\");")]
    [InlineData("Assert.True(true);")]
    [InlineData("Assert.True(true, \"it ran\");")]
    public void Tests_BannedSymbol_IsFound(string line) =>
        Assert.Single(BannedSymbols.Tests(new SourceFile("tests/A.Tests/A.cs", line)));

    [Theory]
    [InlineData("Assert.True(isTrue);")]
    [InlineData("items.Skip(1);")]
    [InlineData("await task.WaitAsync(limit);")]
    public void Tests_OrdinaryCode_IsNotFound(string line) =>
        Assert.Empty(BannedSymbols.Tests(new SourceFile("tests/A.Tests/A.cs", line)));

    private static SourceFile InService(string line) => new("src/ChatService/Turns/A.cs", line);
}
