namespace Tidy.Tests.References;

public sealed class CodeReferencesTests
{
    private static readonly SourceFile Apple = new("src/ChatService/Apple.cs", "class Apple;\nclass Core { Apple _; }");

    [Fact]
    public void Exist_ThisRepository_Holds() => Repository.Obeys(CodeReferences.Exist);

    [Theory]
    [InlineData("src/ChatService/Program.cs", "new Apple();", 0)]
    [InlineData("src/ChatService/Program.cs", "// new Apple();", 1)]
    [InlineData("src/ChatService/Program.cs", "Pineapple();", 1)]
    [InlineData("tests/ChatService.Tests/A.cs", "new Apple();", 1)]
    public void Exist_TypeOfTheService_NeedsAUserInSrc(string path, string text, int findings) =>
        Assert.Equal(findings, CodeReferences.Exist([Apple, new SourceFile(path, text)]).Count());

    [Theory]
    [InlineData("tests/Grpc.Tests/A.cs", "class T { Frame _f; }", 0)]
    [InlineData("tests/Grpc.Tests/A.cs", "class T { }", 1)]
    public void Exist_TypeOfTheLibrary_IsUsedByTestsToo(string path, string text, int findings) =>
        Assert.Equal(
            findings,
            CodeReferences.Exist([new SourceFile("src/Grpc/Core/Frame.cs", "class Frame;"), new SourceFile(path, text)])
                .Count());

    [Theory]
    [InlineData("fruit.Ripen();", 0)]
    [InlineData("fruit.Pick();", 1)]
    public void Exist_ExtensionMethods_AreUsedByTheirNames(string text, int findings) =>
        Assert.Equal(
            findings,
            CodeReferences.Exist(
                [
                    new SourceFile("src/ChatService/A.cs", "static class Ripening { void Ripen(this Fruit fruit) }"),
                    new SourceFile("src/ChatService/Program.cs", text),
                ])
                .Count());

    [Fact]
    public void Exist_FileWithoutAType_IsFound() =>
        Assert.Single(CodeReferences.Exist([new SourceFile("src/ChatService/A.cs", "using System;")]));
}
