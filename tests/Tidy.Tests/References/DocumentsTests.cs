namespace Tidy.Tests.References;

public sealed class DocumentsTests
{
    private static readonly SourceFile Guide = new("docs/guide.md", "See [this](guide.md).\n");

    [Fact]
    public void AreLinked_ThisRepository_Holds() => Repository.Obeys(Documents.AreLinked);

    [Theory]
    [InlineData("README.md", "[guide](docs/guide.md)", 0)]
    [InlineData("README.md", "[guide](./docs/guide.md#start)", 0)]
    [InlineData("docs/adr/0001.md", "[guide](../guide.md) [0001](0001.md)", 1)]
    [InlineData("README.md", "docs/guide.md", 1)]
    public void AreLinked_Document_NeedsALinkFromAnother(string path, string text, int findings) =>
        Assert.Equal(findings, Documents.AreLinked([Guide, new SourceFile(path, text)]).Count());

    [Fact]
    public void LeadSomewhere_ThisRepository_Holds() => Repository.Obeys(Documents.LeadSomewhere);

    [Theory]
    [InlineData("[guide](docs/guide.md)", 0)]
    [InlineData("[the docs](docs)", 0)]
    [InlineData("[elsewhere](https://example.org/a.md) [here](#part)", 0)]
    [InlineData("[guide](guide.md)", 1)]
    [InlineData("[guide](docs/guid.md)", 1)]
    public void LeadSomewhere_Link_NeedsItsTarget(string text, int findings) =>
        Assert.Equal(findings, Documents.LeadSomewhere([Guide, new SourceFile("README.md", text)]).Count());
}
