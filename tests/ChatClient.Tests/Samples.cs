namespace ChatClient.Tests;

internal static class Samples
{
    /// <summary>What an image in PNG begins with.</summary>
    public static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];
}
