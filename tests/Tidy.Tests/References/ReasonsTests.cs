namespace Tidy.Tests.References;

public sealed class ReasonsTests
{
    [Fact]
    public void AreDocumented_ThisRepository_Holds() => Repository.Obeys(Reasons.AreDocumented);

    [Theory]
    [InlineData("src/ChatService/A.cs", "f(\"SESSION_BUSY\")", 0)]
    [InlineData("src/ChatService/A.cs", "f(\"OPENAI_API_KEY\")", 0)]
    [InlineData("src/ChatService/A.cs", "f(\"SESSION_LOST\")", 1)]
    [InlineData("src/Grpc/Server/A.cs", "f(\"SESSION_LOST\")", 1)]
    [InlineData("src/Grpc/Server/A.cs", "f(\"GET\", \"a_b\")", 0)]
    [InlineData("tests/A.cs", "f(\"SESSION_LOST\")", 0)]
    public void AreDocumented_Literal_NeedsItsDocument(string path, string text, int findings) => Assert.Equal(
        findings,
        Reasons.AreDocumented(
        [
            new SourceFile("docs/protocol.md", "| `SESSION_BUSY` |"),
            new SourceFile("docs/settings.md", "OPENAI_API_KEY"),
            new SourceFile("docs/other.md", "SESSION_LOST"),
            new SourceFile(path, text),
        ]).Count());
}
