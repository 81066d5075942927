namespace Tidy.Tests.Boundaries;

public sealed class NamespaceTests
{
    [Fact]
    public void Agree_ThisRepository_Holds() => Repository.Obeys(NamespaceRules.Agree);

    [Theory]
    [InlineData("src/ChatService/Turns/A.cs", "namespace ChatGrpc.Turns;", 0)]
    [InlineData("src/ChatService/Storage/Embedded/A.cs", "namespace ChatGrpc.Storage.Embedded;", 0)]
    [InlineData("src/ChatService/Program.cs", "return 0;", 0)]
    [InlineData("src/ChatClient/Chat/A.cs", "namespace ChatGrpc.Client.Chat;", 0)]
    [InlineData("src/Grpc/Core/Wire/A.cs", "namespace Grpc.Core;", 0)]
    [InlineData("src/ChatService/Turns/A.cs", "namespace ChatGrpc;", 1)]
    [InlineData("src/ChatService/Turns/A.cs", "namespace ChatGrpc.Storage\n{\n}", 1)]
    [InlineData("src/ChatService/Turns/A.cs", "class A;", 1)]
    [InlineData("src/ChatClient/A.cs", "namespace ChatGrpc.ChatClient;", 1)]
    [InlineData("tests/TestKit/Processes/A.cs", "namespace ChatGrpc.TestKit;", 1)]
    public void Agree_FolderAndNamespace_MustBeTheSame(string path, string text, int findings) =>
        Assert.Equal(findings, NamespaceRules.Agree(new SourceFile(path, text)).Count());
}
