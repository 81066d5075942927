using System.Buffers.Binary;
using System.Net;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;

namespace Integration.Tests;

/// <summary>What tools ask a server that they do not know: whether it serves, and what it speaks.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public async Task Reflection_TellsTheServicesAndTheirFiles()
    {
        await using var deployment = await Deployment.StartAsync();

        var answers = await AskAsync(
            deployment,
            "grpc.reflection.v1.ServerReflection",
            new ServerReflectionRequest { ListServices = "" },
            new ServerReflectionRequest { FileContainingSymbol = "chat.v1.StreamChatResponse.stream_end" },
            new ServerReflectionRequest { FileByFilename = "chat/v1/models.proto" },
            new ServerReflectionRequest { FileByFilename = "absent.proto" },
            new ServerReflectionRequest { AllExtensionNumbersOfType = "chat.v1.Token" },
            new ServerReflectionRequest());

        Assert.Equal(
            [
                "chat.v1.ChatService", "chat.v1.ModelService", "chat.v1.SessionService", "chat.v1.ToolService",
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection",
            ],
            answers[0].ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal("chat/v1/chat.proto", LastFile(answers[1]));
        Assert.Equal("chat/v1/models.proto", LastFile(answers[2]));
        Assert.Equal((int)StatusCode.NotFound, answers[3].ErrorResponse.ErrorCode);
        Assert.Equal("chat.v1.Token", answers[4].AllExtensionNumbersResponse.BaseTypeName);
        Assert.Equal((int)StatusCode.InvalidArgument, answers[5].ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task ReflectionAlpha_TellsTheSame()
    {
        await using var deployment = await Deployment.StartAsync();

        var answers = await AskAsync(
            deployment,
            "grpc.reflection.v1alpha.ServerReflection",
            new ServerReflectionRequest { FileContainingSymbol = "grpc.reflection.v1alpha.ServerReflection" });

        Assert.Equal("grpc/reflection/v1alpha/reflection.proto", LastFile(answers[0]));
    }

    [Fact]
    public async Task Health_FromStartToStop_SaysWhetherItServesAndHoldsNoStopUp()
    {
        await using var deployment = await Deployment.StartAsync();
        using var channel = GrpcChannel.ForAddress(deployment.Process.Address);
        var health = new Health.HealthClient(channel);
        using var watch = health.Watch(
            new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken).InTime());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);

        string[] parts =
            ["chat.v1.ChatService", "chat.v1.ModelService", "chat.v1.SessionService", "chat.v1.ToolService"];
        var known = await Task.WhenAll(parts.Select(part => health.CheckAsync(
            new HealthCheckRequest { Service = part },
            cancellationToken: TestContext.Current.CancellationToken).ResponseAsync));
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(
            new HealthCheckRequest { Service = "nobody" },
            cancellationToken: TestContext.Current.CancellationToken));
        var stopped = deployment.Process.StopAsync();

        Assert.All(known, part => Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, part.Status));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken).InTime());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken).InTime());
        Assert.Equal(0, await stopped.InTime());
    }

    // With what they import before them, the files can be read in their order.
    private static string LastFile(ServerReflectionResponse answer) =>
        FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto)[^1].Name;

    // All questions in one stream, over HTTP/2 as it is: our own client has no streams of requests.
    private static async Task<List<ServerReflectionResponse>> AskAsync(
        Deployment deployment, string service, params ServerReflectionRequest[] questions)
    {
        using var body = new MemoryStream();
        foreach (var question in questions)
        {
            var bytes = question.ToByteArray();
            body.Write([0, 0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length]);
            body.Write(bytes);
        }

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(deployment.Process.Address, $"/{service}/ServerReflectionInfo"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body.ToArray()) { Headers = { { "Content-Type", "application/grpc" } } },
        };
        request.Headers.TE.ParseAdd("trailers");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken).InTime();
        var rest = (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).AsSpan();
        var answers = new List<ServerReflectionResponse>();
        while (!rest.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
            answers.Add(ServerReflectionResponse.Parser.ParseFrom(rest.Slice(5, length)));
            rest = rest[(5 + length)..];
        }

        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
        return answers;
    }
}
