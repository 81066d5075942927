namespace ChatGrpc.Conversations;

internal static class ConversationsRegistration
{
    public static IServiceCollection AddConversations(this IServiceCollection services) => services
        .AddSingleton<SessionImport>()
        .AddSingleton<SessionFork>();
}
