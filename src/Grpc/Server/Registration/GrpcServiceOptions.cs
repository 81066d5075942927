namespace Grpc.AspNetCore.Server;

/// <summary>How this server treats the calls of all its services.</summary>
public class GrpcServiceOptions
{
    /// <summary>
    /// Largest request message in bytes, 4 MiB by default as in the official library; null is no limit. A longer one
    /// is refused with RESOURCE_EXHAUSTED when its length arrives, before anything is allocated for it.
    /// </summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Whether the text of an unhandled exception is sent to the client; false by default, since such a text may hold
    /// anything. Clients always get the id under which the exception was logged.
    /// </summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>
    /// <c>gzip</c> compresses responses of 4 KiB and more for clients that accept it, or null, the default, none. Only
    /// methods that answer with one message do so: a message of a stream is small, and its reader waits for it.
    /// </summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>Interceptors around every method, the first one outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}
