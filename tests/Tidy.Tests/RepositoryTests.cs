namespace Tidy.Tests;

public sealed class RepositoryTests
{
    [Theory]
    [InlineData("ChatGrpc.sln")]
    [InlineData("src/ChatService/Program.cs")]
    [InlineData("tests/Tidy.Tests/RepositoryTests.cs")]
    public void Files_OfThisRepository_AreFound(string path) =>
        Assert.Contains(Repository.Files, file => file.Path == path && file.Text.Length > 0);

    [Fact]
    public void Obeys_RuleWithAFinding_FailsAndNamesIt()
    {
        var failure = Assert.ThrowsAny<Exception>(
            () => Repository.Obeys(file => [file.At(7, "This never holds.")]));

        Assert.Contains("ChatGrpc.sln:7: This never holds.", failure.Message, StringComparison.Ordinal);
    }
}
