using Google.Protobuf;

namespace Google.Rpc;

/// <content>Access to details by their type.</content>
public sealed partial class Status
{
    /// <summary>The first detail of a type, or null when there is none.</summary>
    public T? GetDetail<T>()
        where T : class, IMessage<T>, new()
    {
        foreach (var detail in Details)
        {
            if (detail.TryUnpack(out T message))
            {
                return message;
            }
        }

        return null;
    }
}
