using System.Net.Sockets;
using ChatGrpc.Storage.Postgres;
using Npgsql;

namespace ChatGrpc.Tests.Storage.Postgres;

public sealed class PostgresFailuresTests
{
    [Theory]
    [InlineData("57P01", nameof(PostgresTrouble.Restarting))]
    [InlineData("57P02", nameof(PostgresTrouble.Restarting))]
    [InlineData("57P03", nameof(PostgresTrouble.Restarting))]
    [InlineData("57P04", nameof(PostgresTrouble.DatabaseMissing))]
    [InlineData("3D000", nameof(PostgresTrouble.DatabaseMissing))]
    [InlineData("57014", nameof(PostgresTrouble.TimedOut))]
    [InlineData("55P03", nameof(PostgresTrouble.TimedOut))]
    [InlineData("53100", nameof(PostgresTrouble.DiskFull))]
    [InlineData("53200", nameof(PostgresTrouble.MemoryFull))]
    [InlineData("53300", nameof(PostgresTrouble.TooManyConnections))]
    [InlineData("25006", nameof(PostgresTrouble.ReadOnly))]
    [InlineData("42501", nameof(PostgresTrouble.RightMissing))]
    [InlineData("42P01", nameof(PostgresTrouble.SchemaMissing))]
    [InlineData("3F000", nameof(PostgresTrouble.SchemaMissing))]
    [InlineData("28P01", nameof(PostgresTrouble.LoginRefused))]
    [InlineData("28000", nameof(PostgresTrouble.LoginRefused))]
    [InlineData("40001", nameof(PostgresTrouble.Conflict))]
    [InlineData("40P01", nameof(PostgresTrouble.Conflict))]
    [InlineData("08006", nameof(PostgresTrouble.Away))]
    [InlineData("58030", nameof(PostgresTrouble.ServerFailed))]
    [InlineData("XX000", nameof(PostgresTrouble.ServerFailed))]
    [InlineData("XX001", nameof(PostgresTrouble.ServerFailed))]
    [InlineData("22021", nameof(PostgresTrouble.Refused))]
    [InlineData("22P05", nameof(PostgresTrouble.Refused))]
    [InlineData("23505", nameof(PostgresTrouble.Refused))]
    [InlineData("23503", nameof(PostgresTrouble.Refused))]
    [InlineData("54000", nameof(PostgresTrouble.Refused))]
    public void ToException_AnswerOfTheServer_OnlyWhatWillNeverPassIsRefused(string state, string trouble)
    {
        var failure = Answer(state, "ERROR");

        var exception = PostgresFailures.ToException(failure, sent: true);

        Assert.Equal(trouble, $"{PostgresFailures.Of(failure)}");
        Assert.Equal(trouble == nameof(PostgresTrouble.Refused), exception.Refused);
        Assert.False(exception.OutcomeUnknown);
        Assert.DoesNotContain("words of the server", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToException_NoPartition_IsNoRefusal()
    {
        Assert.Equal(PostgresTrouble.DayMissing, PostgresFailures.Of(Answer("23514", "ERROR")));
        Assert.Equal(PostgresTrouble.Refused, PostgresFailures.Of(Answer("23514", "ERROR", constraint: "positive")));
    }

    [Fact]
    public void ToException_ConnectionLost_UnknownIfTheStatementWasSent()
    {
        var (away, stopped) = (new SocketException((int)SocketError.ConnectionReset), Answer("57P01", "FATAL"));
        foreach (var (failure, trouble) in new (Exception, PostgresTrouble)[]
        {
            (new NpgsqlException("x", away), PostgresTrouble.Away),
            (new NpgsqlException("x", new EndOfStreamException()), PostgresTrouble.Away),
            (new NpgsqlException("x", new TimeoutException()), PostgresTrouble.TimedOut),
            (stopped, PostgresTrouble.Restarting),
            (Answer("40003", "ERROR"), PostgresTrouble.Conflict),
        })
        {
            Assert.Equal(trouble, PostgresFailures.Of(failure));
            Assert.True(PostgresFailures.ToException(failure, sent: true).OutcomeUnknown);
            Assert.False(PostgresFailures.ToException(failure, sent: false).OutcomeUnknown);
            Assert.False(PostgresFailures.ToException(failure, sent: true).Refused);
        }
    }

    private static PostgresException Answer(string state, string severity, string? constraint = null) => new(
        messageText: "words of the server", severity: severity, invariantSeverity: severity, sqlState: state,
        constraintName: constraint);
}
