using Chat.V1;
using ChatGrpc.Client.Rendering;

namespace ChatGrpc.Client;

/// <summary>What the program knows the next time: the last conversation and the last turn with each service.</summary>
internal sealed class Memory(string folder)
{
    public LastUsed Sessions { get; } = new(Path.Combine(folder, "last-sessions.json"));

    public LastUsed Streams { get; } = new(Path.Combine(folder, "last-streams.json"));

    /// <summary>A file that cannot be written is told, and is no reason to go without the answer.</summary>
    public void Keep(Uri server, SessionInfo session, Terminal terminal)
    {
        try
        {
            Sessions.Save(server, session.SessionId);
            Streams.Save(server, session.StreamId);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            terminal.WriteNotice($"--continue will not know this session: {unwritable.Message}");
        }
    }
}
