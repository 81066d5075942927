using ChatGrpc.Client;
using ChatGrpc.TestKit;

namespace ChatClient.Tests;

public sealed class LastUsedTests
{
    private static readonly Uri Here = new("http://localhost:5080");
    private static readonly Uri There = new("http://elsewhere:5080");

    [Fact]
    public void Save_TwoServices_RemembersEachOnesLast()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a", "b.json");
        new LastUsed(file).Save(Here, "one");
        new LastUsed(file).Save(There, "two");
        new LastUsed(file).Save(Here, "three");

        Assert.Equal("three", new LastUsed(file).Find(Here));
        Assert.Equal("two", new LastUsed(file).Find(There));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"http://localhost:5080/\":1}")]
    public void Find_BrokenFile_IsAsIfThereWereNone(string content)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "state.json");
        File.WriteAllText(file, content);
        var sessions = new LastUsed(file);

        Assert.Null(sessions.Find(Here));
        sessions.Save(Here, "one");
        Assert.Equal("one", sessions.Find(Here));
    }
}
