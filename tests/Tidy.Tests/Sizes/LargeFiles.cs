namespace Tidy.Tests.Sizes;

/// <summary>Files above the soft limit, each with the reason why it is better whole.</summary>
internal static class LargeFiles
{
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["protos/chat/v1/chat.proto"] = "All that can be asked of the one service, in one place.",
        ["protos/chat/v1/events.proto"] = "The events of a stream are one list, read in one go.",
        ["protos/chat/v1/sessions.proto"] = "All that can be done with sessions, in one place.",
        ["src/Grpc/Server/Calls/ServerResponse.cs"] = "Writes and the end of a call race: one place.",
        ["src/ChatService/Storage/Embedded/EmbeddedStore.cs"] = "The store's methods, each passed on to its query.",
        ["src/ChatService/Storage/Postgres/PostgresStore.cs"] = "The store's methods, each passed on to its query.",
        ["src/ChatService/Turns/TurnLog.cs"] = "What is appended, committed and read meets under one lock.",
        ["src/ChatService/Turns/TurnTakeover.cs"] = "One look goes through all that was taken over and is not seen to.",
        ["tests/ChatService.Tests/Turns/WaitingTurnTests.cs"] = "A test for each thing that can befall who waits.",
        ["tests/ChatService.Tests/Conversations/SessionFileTests.cs"] =
            "One session of all content, to a file and back.",
        ["tests/Integration.Tests/TenantTests.cs"] = "Every id that a request takes, in one table.",
        ["tests/ChatService.Tests/Storage/LeaseContract.cs"] = "What a store does for several owners, in one contract.",
        ["tests/ChatService.Tests/Turns/TurnTakeoverTests.cs"] = "A test for each thing that can be left open.",
        ["tests/ChatService.Tests/Turns/StoreGate.cs"] = "The store's methods, each with what can go wrong in it.",
        ["tests/Simulation.Tests/Store/UnreliableStore.cs"] = "The store's methods, each with what can go wrong in it.",
        ["tests/ChatService.Tests/Turns/TurnScene.cs"] = "The turns, put together by hand as the program does it.",
        ["tests/ChatService.Tests/Providers/Demo/DemoProviderTests.cs"] = "A test for each key of one directive.",
        ["tests/ChatService.Tests/Turns/TurnLogTests.cs"] = "TurnLog is one class with one lock; so are its tests.",
    };
}
