namespace ChatGrpc.Hosting;

/// <summary>What --help prints; docs/settings.md has every setting with its range.</summary>
internal static class Usage
{
    public const string Text = """
        The ChatGrpc service: a streaming gRPC API in front of language models.

        dotnet run --project src/ChatService                          starts it; settings go behind --
        dotnet run --project src/ChatService -- --NAME=VALUE ...
        dotnet run --project src/ChatService -- keys new NAME [--tenant TENANT]
                                              makes a key, and says which settings let it in
        dotnet run --project src/ChatService -- --help | --version

        A setting is an option (--Chat:Storage:Path=/srv/chat), a variable of the environment
        (Chat__Storage__Path=/srv/chat) or stands in appsettings.json; the first of these counts.

          urls                    where it listens; default http://localhost:5080
          Chat:Storage:Path       folder of the conversations; default chatgrpc in the platform's folder for
                                  application data, on Linux ~/.local/share
          ConnectionStrings:Chat  PostgreSQL in place of that folder: Host=...;Username=...;Password=...;Database=...
                                  or postgres://USER:PASSWORD@HOST/DATABASE; as DATABASE_URL, too
          Chat:DefaultModel       the model that answers; default the first that the environment offers, else demo
          Chat:Models:ALIAS:...   further models: Provider, Model, BaseUrl, ApiKey
          Chat:Keys:NAME:...      keys that callers need: Hash, Tenant, Revoked; default none, and then the service
                                  listens on this machine only
          Chat:AllowAnonymous     true: serve whoever comes, without keys and on any address; default false
          Chat:Hosts:0, ...       host names by which clients call it; default only those of this machine, and with
                                  keys any
          Chat:Origins:0, ...     origins whose pages may call it; default only its own
          Chat:Tools:...          tools of the service for its models: Offered (none), MaxRounds (8), Deadline
                                  (00:00:30), MaxResultBytes (65536), Http, Servers
          Chat:Turns:...          limits of a turn: FirstToken and Stall (00:01:00), Total (00:10:00), Heartbeat
                                  (00:00:15), ClosingCommit (00:00:30), TailBytes (262144), MaxAnswerLength (1000000);
                                  MaxMemory (half of what the process may use); Retention of its events
                                  (1.00:00:00); ClientResult (1.00:00:00); DrainGrace of a stop (00:00:25); Durability
                                  (Memory; Strict shows nothing that is not saved)
          Chat:Resilience:...     what is done when a provider fails: Retries (2), BaseDelay (00:00:00.250), MaxDelay
                                  (00:00:10); CircuitCalls (10), CircuitBreak (00:00:15); Apology
          Logging:LogLevel:...    as in any ASP.NET Core service

        A model is there with one of OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, OPENROUTER_API_KEY and
        OLLAMA_HOST. docs/settings.md lists every setting with its range.

        """;
}
