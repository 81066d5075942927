namespace Tidy.Tests.Boundaries;

public sealed class BorderTests
{
    [Fact]
    public void Held_ThisRepository_Holds() => Repository.Obeys(BorderRules.Held);

    [Theory]
    [InlineData("src/ChatService/Turns/A.cs", "using Grpc.Core;")]
    [InlineData("src/ChatService/Model/A.cs", "class A { global::Grpc.Core.Status _status; }")]
    [InlineData("src/ChatService/Turns/A.cs", "class A : ChatService.ChatServiceBase;")]
    [InlineData("src/ChatService/Hosting/A.cs", "class A { SessionsService.SessionsServiceClient _client; }")]
    [InlineData("src/ChatService/Turns/A.cs", "using Google.Rpc;\nclass A { ErrorInfo _info; }")]
    [InlineData("src/ChatService/Storage/A.cs", "using Microsoft.Data.Sqlite;")]
    [InlineData("src/ChatService/Hosting/A.cs", "using SQLitePCL;")]
    [InlineData("src/ChatService/Storage/Embedded/A.cs", "using Npgsql;")]
    [InlineData("src/ChatService/Turns/A.cs", "using Dapper;")]
    public void Held_NameInTheWrongFolder_IsFound(string path, string text) =>
        Assert.Single(BorderRules.Held(new SourceFile(path, text)));

    [Theory]
    [InlineData("src/ChatService/Endpoints/A.cs", "using Grpc.Core;\nclass A : ChatService.ChatServiceBase;")]
    [InlineData("src/ChatService/Program.cs", "using Grpc.AspNetCore.Server;")]
    [InlineData("src/ChatClient/A.cs", "using Grpc.Net.Client;\nclass A(ChatService.ChatServiceClient client);")]
    [InlineData("src/ChatService/Model/A.cs", "using Google.Rpc;\nclass A { Code _code; }")]
    [InlineData("src/ChatService/Storage/Embedded/A.cs", "using Dapper;\nusing Microsoft.Data.Sqlite;")]
    [InlineData("tests/ChatService.Tests/A.cs", "using Grpc.Core;")]
    public void Held_NameWhereItBelongs_IsNotFound(string path, string text) =>
        Assert.Empty(BorderRules.Held(new SourceFile(path, text)));

    [Fact]
    public void GrpcKnowsNoChat_ThisRepository_Holds() => Repository.Obeys(BorderRules.GrpcKnowsNoChat);

    [Theory]
    [InlineData("src/Grpc/Server/A.cs", "using ChatGrpc.Model;", 1)]
    [InlineData("src/Grpc/Client/A.cs", "using Chat.V1;", 1)]
    [InlineData("src/Grpc/Core/A.cs", "// as Chat.V1 does\nusing Grpc.Core;", 0)]
    [InlineData("src/ChatService/Turns/A.cs", "using Chat.V1;", 0)]
    public void GrpcKnowsNoChat_NameOfChat_IsFoundInGrpc(string path, string text, int findings) =>
        Assert.Equal(findings, BorderRules.GrpcKnowsNoChat(new SourceFile(path, text)).Count());
}
