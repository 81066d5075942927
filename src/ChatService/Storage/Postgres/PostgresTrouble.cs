namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// What keeps the database from doing what it is asked for; docs/postgresql.md has each with its remedy.
/// </summary>
internal enum PostgresTrouble
{
    /// <summary>It does not answer: not there, the network, a wrong address.</summary>
    Away,

    /// <summary>It starts or stops.</summary>
    Restarting,

    /// <summary>It does not let this user in.</summary>
    LoginRefused,

    DatabaseMissing,

    /// <summary>The user may not do what the service needs.</summary>
    RightMissing,

    /// <summary>Tables, functions or the role of requests are not there (any more).</summary>
    SchemaMissing,

    /// <summary>The server takes no more connections.</summary>
    TooManyConnections,

    /// <summary>All connections that this service may have are in use.</summary>
    PoolExhausted,

    DiskFull,

    /// <summary>The server has too little memory.</summary>
    MemoryFull,

    /// <summary>It has become a standby, or an administrator has made it so.</summary>
    ReadOnly,

    /// <summary>It takes longer than it is waited for.</summary>
    TimedOut,

    /// <summary>Others were in the way; the next try goes through.</summary>
    Conflict,

    /// <summary>No partition for the day.</summary>
    DayMissing,

    /// <summary>It will not take just this.</summary>
    Refused,

    /// <summary>This store has been closed.</summary>
    Closed,

    /// <summary>Another process keeps the conversations of this database.</summary>
    HeldByAnother,

    /// <summary>Something else is wrong at the server.</summary>
    ServerFailed,
}
