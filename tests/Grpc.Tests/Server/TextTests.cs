using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Server;

/// <summary>Text that is no UTF-8, wherever a message can hold text, and messages in messages.</summary>
public sealed class TextTests
{
    private const byte Delimited = 2;

    // A lone continuation byte, an overlong slash, a surrogate half and a character cut short.
    private static readonly byte[][] BadTexts = [[0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x41, 0xF0, 0x9F, 0x98]];

    public static TheoryData<string, byte[], bool> Messages()
    {
        var data = new TheoryData<string, byte[], bool>();
        foreach (var bad in BadTexts)
        {
            var hex = Convert.ToHexString(bad);
            data.Add($"{hex} in a field", Field(1, bad), false);
            data.Add($"{hex} in a repeated field", [.. Field(3, "ok"u8), .. Field(3, bad)], false);
            data.Add($"{hex} in a map's key", Field(4, [.. Field(1, bad), .. Field(2, "v"u8)]), false);
            data.Add($"{hex} in a map's value", Field(4, [.. Field(1, "k"u8), .. Field(2, bad)]), false);
            data.Add($"{hex} in a nested message", Field(5, Field(5, Field(1, bad))), false);
            data.Add($"{hex} in a oneof", Field(7, bad), false);
            data.Add($"{hex} overwritten later", [.. Field(1, bad), .. Field(1, "ok"u8)], false);
            data.Add($"{hex} after numbers", [.. Field(6, new byte[8]), 0x41, .. new byte[8], .. Field(1, bad)], false);
            data.Add($"{hex} after an unknown group", [0x63, 0x08, 0x01, 0x64, .. Field(1, bad)], false);
            data.Add($"{hex} in bytes", Field(2, bad), true);
            data.Add($"{hex} in an unknown field", Field(100, bad), true);
            data.Add($"{hex} in an unknown group", [0x63, .. Field(1, bad), 0x64], true);
        }

        data.Add("good text everywhere", new PlantRequest
        {
            Text = "é 中 😀",
            Texts = { "a", "ß" },
            Labels = { ["ключ"] = "значение" },
            Child = new PlantRequest { Chosen = "‏" },
            Raw = ByteString.CopyFrom(0xFF),
        }.ToByteArray(), true);
        return data;
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Request_WithText_MustBeUtf8(string what, byte[] message, bool isValid)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.CallAsync(TestServer.Plant, Frames.Raw(0, message));

        Assert.Equal((what, isValid ? StatusCode.OK : StatusCode.Internal), (what, answer.Status));
        await server.AssertNextCallWorksAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_WithTextOverManySegments_IsCheckedAcrossThem(bool isValid)
    {
        await using var server = await TestServer.StartAsync();
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x😀", 100_000)));
        text[^3] = isValid ? text[^3] : (byte)0xFF;

        var answer = await server.CallAsync(TestServer.Plant, Frames.Raw(0, Field(1, text)));

        Assert.Equal(isValid ? StatusCode.OK : StatusCode.Internal, answer.Status);
    }

    [Theory]
    [InlineData(100, StatusCode.OK)]
    [InlineData(102, StatusCode.Internal)]
    [InlineData(10_000, StatusCode.Internal)]
    public async Task Request_Nesting_IsLimited(int depth, StatusCode status)
    {
        await using var server = await TestServer.StartAsync();
        var message = Field(1, "é"u8);
        for (var i = 1; i < depth; i++)
        {
            message = Field(5, message);
        }

        var answer = await server.CallAsync(TestServer.Plant, Frames.Raw(0, message));

        Assert.Equal(status, answer.Status);
        await server.AssertNextCallWorksAsync();
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> bytes)
    {
        using var buffer = new MemoryStream();
        using var output = new CodedOutputStream(buffer);
        output.WriteUInt32((uint)((number << 3) | Delimited));
        output.WriteBytes(ByteString.CopyFrom(bytes));
        output.Flush();
        return buffer.ToArray();
    }
}
