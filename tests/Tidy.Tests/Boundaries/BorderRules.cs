using System.Text.RegularExpressions;

namespace Tidy.Tests.Boundaries;

/// <summary>Names from outside that only some folders of src may speak.</summary>
internal static partial class BorderRules
{
    private const string ServiceEntry = Rooms.Service + "Program.cs";
    private const string Hosting = Rooms.Service + "Hosting/";
    private const string Endpoints = Rooms.Service + "Endpoints/";
    private const string Storage = Rooms.Service + "Storage/";
    private const string Client = "src/ChatClient/";
    private const string Grpc = "src/Grpc/";

    private static readonly Border[] Borders =
    [
        new(GrpcStack(), [Endpoints, Hosting, ServiceEntry, Client, Grpc],
            "gRPC itself is known in Endpoints, in the program and its Hosting, and in ChatClient only."),
        new(Stubs(), [Endpoints, Client], "Generated services and stubs stay in Endpoints and ChatClient."),
        new(RichStatus(), [Endpoints, Client, Grpc],
            "Details of google.rpc are made in Endpoints; elsewhere a Failure says it (Google.Rpc.Code is for all)."),
        new(Sqlite(), [Storage + "Embedded/"], "Only Storage/Embedded sees SQLite."),
        new(Npgsql(), [Storage + "Postgres/"], "Only Storage/Postgres sees Npgsql."),
        new(Polly(), [Rooms.Service + "Providers/Resilience/"], "Only Providers/Resilience sees Polly."),
        new(Dapper(), [Storage], "Only Storage sees Dapper."),
    ];

    public static IEnumerable<Finding> Held(SourceFile file) =>
        !file.IsCSharp || !file.IsIn("src/") ? [] :
            from border in Borders
            where !border.Folders.Any(file.IsIn)
            from finding in file.InCode(border.Name, border.Sentence)
            select finding;

    /// <summary>src/Grpc could be anyone's gRPC stack.</summary>
    public static IEnumerable<Finding> GrpcKnowsNoChat(SourceFile file) =>
        file.IsCSharp && file.IsIn(Grpc) ? file.InCode(Chat(), "src/Grpc knows nothing of chat.") : [];

    [GeneratedRegex(@"(?<![\w.])Grpc\.(?:Core|Net|AspNetCore)\b")]
    private static partial Regex GrpcStack();

    // As Grpc.Tools names them: ChatService.ChatServiceBase, ChatService.ChatServiceClient.
    [GeneratedRegex(@"\b\w+Service(?:Base|Client)\b")]
    private static partial Regex Stubs();

    [GeneratedRegex(@"\b(?:ErrorInfo|RetryInfo|BadRequest|PreconditionFailure|QuotaFailure|ResourceInfo)\b")]
    private static partial Regex RichStatus();

    [GeneratedRegex(@"\b(?:Microsoft\.Data\.Sqlite|SQLitePCL|Sqlite(?:Connection|Command|Transaction|Exception))\b")]
    private static partial Regex Sqlite();

    [GeneratedRegex(@"\bNpgsql\w*")]
    private static partial Regex Npgsql();

    [GeneratedRegex(@"(?<![\w.])Polly\b")]
    private static partial Regex Polly();

    [GeneratedRegex(@"(?<![\w.])Dapper\b")]
    private static partial Regex Dapper();

    [GeneratedRegex(@"(?<![\w.])(?:ChatGrpc\.\w+|Chat\.V\d+)")]
    private static partial Regex Chat();

    private sealed record Border(Regex Name, string[] Folders, string Sentence);
}
