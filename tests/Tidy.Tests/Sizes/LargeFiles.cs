namespace Tidy.Tests.Sizes;

/// <summary>Files above the soft limit, each with the reason why it is better whole.</summary>
internal static class LargeFiles
{
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["protos/chat/v1/events.proto"] = "The events of a stream are one list, read in one go.",
    };
}
