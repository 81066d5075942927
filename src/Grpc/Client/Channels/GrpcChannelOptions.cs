namespace Grpc.Net.Client;

/// <summary>How a channel connects and what it accepts.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>The official default: enough for chat, small enough that one answer cannot fill the memory.</summary>
    private const int DefaultMaxReceiveMessageBytes = 4 * 1024 * 1024;

    /// <summary>Sends the requests. Without one the channel makes its own and disposes it.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes <see cref="HttpHandler"/> with itself; by default it does not.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>The longest response message in bytes; 4 MiB by default, null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultMaxReceiveMessageBytes;

    /// <summary>The longest request message in bytes; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The clock of deadlines; tests turn it by hand.</summary>
    internal TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
