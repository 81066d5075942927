using Chat.V1;
using ChatGrpc.Endpoints;
using Google.Protobuf;

namespace ChatGrpc.Tests.Endpoints;

public sealed class ImageRulesTests
{
    private const int MaxBytes = 10 * 1024 * 1024;

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1];
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0];
    private static readonly byte[] Gif = [.. "GIF89a"u8];
    private static readonly byte[] WebP = [.. "RIFF\x1\x2\x3\x4WEBP"u8];

    public static TheoryData<string, byte[]> True => new()
    {
        { "image/png", Png }, { "image/jpeg", Jpeg }, { "image/gif", Gif }, { "image/webp", WebP },
    };

    public static TheoryData<string, byte[], string> False => new()
    {
        { "image/png", [], "data" },
        { "image/png", Jpeg, "data" },
        { "image/jpeg", Png, "data" },
        { "image/webp", [.. "RIFF1234WAVE"u8], "data" },
        { "image/webp", [.. "RIFF"u8], "data" },
        { "image/gif", [.. "<svg/>"u8], "data" },
        { "image/tiff", Png, "media_type" },
        { "IMAGE/PNG", Png, "media_type" },
        { "", Png, "media_type" },
    };

    [Theory]
    [MemberData(nameof(True))]
    public void Check_BytesOfTheirType_FindsNothing(string mediaType, byte[] data) =>
        Assert.Empty(FieldsAtFault(mediaType, data));

    [Theory]
    [MemberData(nameof(False))]
    public void Check_WhatItIsNot_NamesTheField(string mediaType, byte[] data, string field) =>
        Assert.Contains($"parts[0].image.{field}", FieldsAtFault(mediaType, data));

    [Theory]
    [InlineData(MaxBytes, 0)]
    [InlineData(MaxBytes + 1, 1)]
    public void Check_Size_HasItsBound(int bytes, int faults)
    {
        var data = new byte[bytes];
        Png.CopyTo(data, 0);

        Assert.Equal(faults, FieldsAtFault("image/png", data).Count);
    }

    private static List<string> FieldsAtFault(string mediaType, byte[] data)
    {
        var request = new StreamChatRequest
        {
            Parts =
            {
                new Part { Image = new Image { MediaType = mediaType, Data = ByteString.CopyFrom(data) } },
            },
        };
        return [.. RequestRules.Check(request)?.Violations.Select(violation => violation.Field) ?? []];
    }
}
