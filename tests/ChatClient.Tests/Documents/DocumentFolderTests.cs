using Chat.V1;
using ChatGrpc.Client.Documents;
using ChatGrpc.Client.Rendering;
using ChatGrpc.TestKit;
using Google.Protobuf;

namespace ChatClient.Tests.Documents;

public sealed class DocumentFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Saved => Path.Combine(_folder.Path, "saved");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Show_ADocument_IsALineAndAFile()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var printer = new AnswerPrinter(new Terminal { Out = output, Error = error }, json: false, verbose: false)
        {
            Documents = new DocumentFolder(Saved),
        };

        printer.Show(new StreamChatResponse { Sequence = 1, Document = Plan("1", "# Grüße") });

        Assert.Equal("", $"{output}");
        Assert.Equal(
            $"Document “Plan” (text/markdown, 9 bytes)\nSaved as {Path.Combine(Saved, "Plan.md")}\n", $"{error}");
        Assert.Equal("# Grüße", File.ReadAllText(Path.Combine(Saved, "Plan.md")));
    }

    [Fact]
    public void Save_UnderANameThatIsThere_AddsANumber()
    {
        var folder = new DocumentFolder(Saved);
        string[] texts = ["one", "two", "three"];

        foreach (var text in texts)
        {
            _ = folder.Save($"stream of {text}", Plan("document_1", text));
        }

        string[] names = ["Plan.md", "Plan (2).md", "Plan (3).md"];
        Assert.Equal(texts, names.Select(name => File.ReadAllText(Path.Combine(Saved, name))));
        Assert.Equal(3, Directory.GetFiles(Saved).Length);
    }

    [Fact]
    public void Save_TheSameDocumentAgain_DoesNothing()
    {
        var folder = new DocumentFolder(Saved);
        _ = folder.Save("stream", Plan("1", "one"));

        Assert.Null(folder.Save("stream", Plan("1", "one")));
        Assert.Single(Directory.GetFiles(Saved));
    }

    [Fact]
    public void Save_Bytes_AreTheFile()
    {
        byte[] bytes = [0, 255, 13, 10];

        _ = new DocumentFolder(Saved).Save(
            "stream",
            new Document { Id = "1", Title = "x", MediaType = "image/png", Data = ByteString.CopyFrom(bytes) });

        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(Saved, "x.png")));
    }

    [Fact]
    public void Save_WhereAFileIsInTheWay_SaysSo()
    {
        File.WriteAllText(Saved, "");

        var said = new DocumentFolder(Saved).Save("stream", Plan("1", "one"));

        Assert.StartsWith("It is not saved: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_WhereTheDiskIsFull_SaysSoAndLeavesNoFile()
    {
        Directory.CreateDirectory(Saved);
        File.WriteAllText(Path.Combine(Saved, "Plan.md"), "mine");
        var opened = 0;
        var folder = new DocumentFolder(Saved)
        {
            Open = file =>
            {
                new FileStream(file, FileMode.CreateNew).Dispose();
                opened++;
                return new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            },
        };

        var said = folder.Save("stream", Plan("1", "one"));

        Assert.StartsWith("It is not saved: ", said, StringComparison.Ordinal);
        Assert.Equal(1, opened);
        Assert.Equal("mine", File.ReadAllText(Assert.Single(Directory.GetFiles(Saved))));
    }

    [Theory]
    [InlineData("../../etc/passwd", "text/plain", "etc passwd.txt")]
    [InlineData("C:\\x|y?.txt", "text/plain", "C x y .txt")]
    [InlineData("gpj.\u202etxt.exe", "image/png", "gpj. txt.exe.png")]
    [InlineData("con", "application/json; charset=utf-8", "_con.json")]
    [InlineData(" ..\n\t", "application/octet-stream", "document")]
    [InlineData("Plan.MD", "text/markdown", "Plan.MD")]
    public void Of_ATitle_IsANameThatIsSafe(string title, string mediaType, string expected) =>
        Assert.Equal(expected, FileName.Of(title, mediaType));

    [Fact]
    public void Of_ALongTitle_FitsAFileSystem()
    {
        var name = FileName.Of(string.Concat(Enumerable.Repeat("🌍", 500)), "text/plain");

        Assert.Equal(string.Concat(Enumerable.Repeat("🌍", 50)) + ".txt", name);
    }

    private static Document Plan(string id, string text) =>
        new() { Id = id, Title = "Plan", MediaType = "text/markdown", Text = text };
}
