using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Endpoints;

/// <summary>What must hold of a picture that comes with a message.</summary>
internal static class ImageRules
{
    public static void Check(string field, Image image, Violations rules)
    {
        rules.Require(
            image.Data.Length is > 0 and <= ImageType.MaxBytes,
            $"{field}.data", $"must be 1 to {ImageType.MaxBytes} bytes");
        if (!ImageType.IsKnown(image.MediaType))
        {
            rules.Add($"{field}.media_type", "must be image/png, image/jpeg, image/gif or image/webp");
            return;
        }

        rules.Require(ImageType.Holds(image), $"{field}.data", $"is not an {image.MediaType}");
    }
}
