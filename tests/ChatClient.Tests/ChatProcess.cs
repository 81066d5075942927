namespace ChatClient.Tests;

/// <summary>The program as it is built.</summary>
internal static class ChatProcess
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "chat.dll");
}
