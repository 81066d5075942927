namespace Tidy.Tests.Boundaries;

public sealed class RoomTests
{
    private static readonly SourceFile[] Others =
    [
        new("src/ChatService/Turns/TurnLog.cs", "namespace ChatGrpc.Turns;\ninternal sealed class TurnLog;\n"),
        new("src/ChatService/Tools/Tool.cs", "namespace ChatGrpc.Tools;\ninternal sealed class Tool;\n"),
        new("src/ChatService/Providers/OpenAI/OpenAIWire.cs", "internal sealed class OpenAIWire;\n"),
        new("src/ChatService/Providers/Sse/SseReader.cs", "internal sealed class SseReader;\n"),
        new("src/ChatService/Storage/Embedded/Queries.cs", "internal static class Queries;\n"),
    ];

    [Fact]
    public void Direction_ThisRepository_Holds() => Repository.Obeys(RoomRules.Direction);

    [Theory]
    [InlineData("Storage/A.cs", "using ChatGrpc.Turns;")]
    [InlineData("Storage/A.cs", "using static ChatGrpc.Turns.TurnLog;")]
    [InlineData("Storage/A.cs", "using Log = ChatGrpc.Turns.TurnLog;")]
    [InlineData("Storage/A.cs", "class A { ChatGrpc.Turns.TurnLog _log; }")]
    [InlineData("Storage/A.cs", "class A { global::ChatGrpc.Turns.TurnLog _log; }")]
    [InlineData("Storage/A.cs", "class A { Turns.TurnLog _log; }")]
    [InlineData("Storage/Embedded/A.cs", "using ChatGrpc.Providers;")]
    [InlineData("Providers/A.cs", "using ChatGrpc.Storage;")]
    [InlineData("Turns/A.cs", "using ChatGrpc.Endpoints;")]
    [InlineData("Endpoints/A.cs", "using ChatGrpc.Hosting;")]
    [InlineData("Model/A.cs", "using ChatGrpc.Storage;")]
    [InlineData("Telemetry/A.cs", "using ChatGrpc.Turns;")]
    public void Direction_NameAgainstTheArrows_IsFound(string path, string text) =>
        Assert.Single(RoomRules.Direction(With(path, text)));

    [Theory]
    [InlineData("Program.cs", "using ChatGrpc.Endpoints;")]
    [InlineData("Endpoints/A.cs", "using ChatGrpc.Turns;")]
    [InlineData("Turns/A.cs", "using ChatGrpc.Providers;\nusing ChatGrpc.Storage;\nusing ChatGrpc.Model;")]
    [InlineData("Model/A.cs", "using ChatGrpc.Telemetry;")]
    [InlineData("Storage/A.cs", "// using ChatGrpc.Turns;\nclass A { string s = \"ChatGrpc.Turns\"; }")]
    [InlineData("Providers/A.cs", "class A { Tool[] Tools; int N() => Tools.Length; }")]
    public void Direction_NameWithTheArrows_IsNotFound(string path, string text) =>
        Assert.Empty(RoomRules.Direction(With(path, text)));

    [Fact]
    public void Known_ThisRepository_Holds() => Repository.Obeys(RoomRules.Known);

    [Fact]
    public void Known_NewFolder_IsFound() =>
        Assert.Single(RoomRules.Known(With("Billing/A.cs", "namespace ChatGrpc.Billing;")));

    [Fact]
    public void Inner_ThisRepository_Holds() => Repository.Obeys(RoomRules.Inner);

    [Theory]
    [InlineData("Turns/A.cs", "using ChatGrpc.Providers.OpenAI;", 1)]
    [InlineData("Providers/Demo/A.cs", "using ChatGrpc.Providers.OpenAI;", 1)]
    [InlineData("Hosting/A.cs", "class A { ChatGrpc.Storage.Embedded.Queries _q; }", 1)]
    [InlineData("Turns/A.cs", "class A { Storage.Embedded.Queries _q; }", 1)]
    [InlineData("Providers/ModelsRegistration.cs", "using ChatGrpc.Providers.OpenAI;", 0)]
    [InlineData("Providers/OpenAI/A.cs", "using ChatGrpc.Providers.Sse;\nusing ChatGrpc.Providers.OpenAI;", 0)]
    public void Inner_FolderOfARoom_IsForThatRoom(string path, string text, int findings) =>
        Assert.Equal(findings, RoomRules.Inner(With(path, text)).Count());

    [Fact]
    public void NoHiddenImports_ThisRepository_Holds() => Repository.Obeys(RoomRules.NoHiddenImports);

    [Theory]
    [InlineData("src/ChatService/Usings.cs", "global using ChatGrpc.Turns;", 1)]
    [InlineData("src/ChatService/ChatService.csproj", "<Using Include=\"ChatGrpc.Turns\" />", 1)]
    [InlineData("tests/Directory.Build.props", "<Using Include=\"Xunit\" />", 0)]
    public void NoHiddenImports_GlobalUsing_IsFoundInSrc(string path, string text, int findings) =>
        Assert.Equal(findings, RoomRules.NoHiddenImports(new SourceFile(path, text)).Count());

    private static SourceFile[] With(string path, string text) =>
        [new SourceFile(Rooms.Service + path, text), .. Others];
}
