using System.Text;
using ChatGrpc.Client.Attachments;
using ChatGrpc.TestKit;

namespace ChatClient.Tests;

public sealed class AttachmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Image_ByItsBytes_HasItsType()
    {
        var (part, error) = Attachment.Image(FileOf(Samples.Png));

        Assert.Equal(("image/png", ""), (part!.Image.MediaType, error));
        Assert.Equal(Samples.Png, part.Image.Data);
    }

    [Fact]
    public void Text_WithOrWithoutItsLastLineBreak_IsFencedUnderItsName()
    {
        Assert.Equal("file:\n```\na\n```", Attachment.Text(FileOf("a"u8.ToArray())).Part!.Text);
        Assert.Equal("file:\n```\na\n```", Attachment.Text(FileOf("a\n"u8.ToArray())).Part!.Text);
    }

    [Theory]
    [InlineData(10 * 1024 * 1024 + 1, "is too large: an image has at most 10 MiB.")]
    [InlineData(0, "is empty.")]
    [InlineData(100, "is no PNG, JPEG, GIF or WebP image.")]
    public void Image_ThatIsNone_SaysWhy(int length, string says) =>
        Assert.Contains(says, Attachment.Image(FileOf(new byte[length])).Error, StringComparison.Ordinal);

    [Fact]
    public void Text_ThatIsNone_SaysWhy()
    {
        Assert.Contains("holds NUL", Attachment.Text(FileOf("a\0b"u8.ToArray())).Error, StringComparison.Ordinal);
        Assert.Contains("no text in UTF-8", Attachment.Text(FileOf([0xFF, 0xFE])).Error, StringComparison.Ordinal);
        Assert.Contains(
            "at most 100,000", Attachment.Text(FileOf(Encoding.UTF8.GetBytes(new string('x', 100_000)))).Error,
            StringComparison.Ordinal);
        Assert.Contains("is a folder", Attachment.Text(_folder.Path).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Attachment.Text("absent").Error, StringComparison.Ordinal);
    }

    private string FileOf(byte[] bytes)
    {
        Directory.CreateDirectory(_folder.Path);
        var path = Path.Combine(_folder.Path, "file");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
