using ChatGrpc.Model;
using ChatGrpc.Storage.Postgres;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace ChatGrpc.Tests.Storage.Postgres;

public sealed class PostgresSettingsTests
{
    private const string Secret = "s3cret";

    [Theory]
    [InlineData("Host=db;Username=chat;Password=x;Database=talk", "db:5432/talk")]
    [InlineData("host=db; port=6000 ;Database=talk", "db:6000/talk")]
    [InlineData("postgres://chat:x@db/talk", "db:5432/talk")]
    [InlineData("postgresql://chat@db:6000/talk?sslmode=verify-full", "db:6000/talk")]
    [InlineData("postgres://chat@[::1]:6000/talk", "::1:6000/talk")]
    [InlineData("postgres:///talk?host=/var/run/postgresql&user=chat", "/var/run/postgresql:5432/talk")]
    [InlineData("postgres://chat@%2Fvar%2Frun%2Fpostgresql/talk", "/var/run/postgresql:5432/talk")]
    public void Parse_KeywordsOrUrl_TheSamePlace(string text, string place)
    {
        Assert.Equal(place, PostgresSettings.Parse(text, "SETTING").Place);
    }

    [Fact]
    public void Parse_PercentEncodedUrl_IsDecoded()
    {
        var settings = PostgresSettings.Parse(
            "postgres://us%40er:p%C3%A4%2Fss%25:word@db/ta%20lk?application_name=a%26b&sslmode=require", "SETTING");

        var given = new NpgsqlConnectionStringBuilder(settings.ForRequests);
        Assert.Equal(
            ("us@er", "pä/ss%:word", "ta lk", "a&b", SslMode.Require),
            (given.Username, given.Password, given.Database, given.ApplicationName, given.SslMode));
    }

    [Theory]
    [InlineData($"Host=db;Pasword={Secret}", "SETTING has pasword, which is no keyword")]
    [InlineData($"Host=db;Password={Secret};Port=many", "SETTING has a value for port that cannot be read")]
    [InlineData($"Host=db;Password={Secret};SSL Mode=maybe", "SETTING has a value for ssl mode that cannot be read")]
    [InlineData($"{Secret}", "SETTING is no connection string")]
    [InlineData($"Username=chat;Password={Secret}", "SETTING names no host")]
    [InlineData($"postgres://chat:{Secret}@/talk", "SETTING names no host")]
    [InlineData($"postgres://chat:{Secret}%@db/talk", "SETTING has a % in the password")]
    [InlineData($"postgres://chat:{Secret}%f@db/talk", "SETTING has a % in the password")]
    [InlineData($"postgres://chat:{Secret}%ff@db/talk", "SETTING has a % in the password")]
    [InlineData($"postgres://chat:{Secret}@db:port/talk", "SETTING has a port that is no number")]
    [InlineData($"postgres://chat:a:b/{Secret}@db/talk", "SETTING has a port that is no number")]
    [InlineData($"postgres://chat:{Secret}@db:70000/talk", "SETTING has a port that is no number")]
    [InlineData($"postgres://chat:{Secret}@db/talk?sslmod=require", "SETTING has sslmod, which is no keyword")]
    [InlineData($"postgres://chat:{Secret}@db/talk?sslmode=often", "SETTING has a value for sslmode")]
    public void Parse_Wrong_ASentenceWithTheSettingAndWithoutThePassword(string text, string words)
    {
        var refusal = Assert.Throws<StartupException>(() => PostgresSettings.Parse(text, "SETTING"));

        Assert.StartsWith(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, $"{refusal}", StringComparison.Ordinal);
    }

    [Fact]
    public void Find_BothSettings_TheConnectionStringCounts()
    {
        Assert.Null(Find());
        Assert.Null(Find(("DATABASE_URL", " ")));
        Assert.Equal("url:5432/", Find(("DATABASE_URL", "postgres://url"))!.Place);
        Assert.Equal(
            "string:5432/", Find(("DATABASE_URL", "postgres://url"), ("ConnectionStrings:Chat", "Host=string"))!.Place);
    }

    [Fact]
    public void ForRequests_WhateverIsGiven_IsTheRoleOfRequests()
    {
        var settings = PostgresSettings.Parse(
            "Host=db;Options=-c work_mem=8MB;No Reset On Close=false;Maximum Pool Size=7;Timeout=2", "SETTING");

        var given = new NpgsqlConnectionStringBuilder(settings.ForRequests);
        Assert.Contains("-c work_mem=8MB", given.Options, StringComparison.Ordinal);
        Assert.EndsWith("-c role=chatgrpc_request", given.Options, StringComparison.Ordinal);
        Assert.Equal((true, 7, 2, 10), (given.NoResetOnClose, given.MaxPoolSize, given.Timeout, given.CommandTimeout));
        Assert.DoesNotContain(
            "role=", new NpgsqlConnectionStringBuilder(settings.ForService).Options, StringComparison.Ordinal);
    }

    private static PostgresSettings? Find(params (string Key, string Value)[] settings) => PostgresSettings.Find(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value)))
            .Build());
}
