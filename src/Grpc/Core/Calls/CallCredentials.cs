namespace Grpc.Core;

/// <summary>
/// Credentials of one call. The type is there because generated code and call options name it; this stack sends
/// credentials as metadata, so it makes no instances.
/// </summary>
public abstract class CallCredentials
{
    internal CallCredentials()
    {
    }
}
