using System.Globalization;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>A query for a request. Its first parameter is the tenant, which the query itself names as well.</summary>
internal sealed record RequestSql(string Text);

/// <summary>
/// Runs batches on one pool: each is one round trip and one transaction, which no caller can hold open. Only what is
/// too large for one batch takes several.
/// </summary>
/// <param name="wrote">Called after each write.</param>
internal sealed class PostgresCalls(
    NpgsqlDataSource source, TroubleWatch troubles, TimeProvider time, Action? wrote = null)
{
    private const string SetTenant = "SELECT set_config('chatgrpc.tenant', $1, true)";

    private const string SetTenantAndOwner =
        "SELECT set_config('chatgrpc.tenant', $1, true), set_config('chatgrpc.incarnation', $2, true)";

    private const string SetStatementTimeout = "SELECT set_config('statement_timeout', $1, true)";

    // The largest session takes a few seconds, and a slow disk ten times that.
    private static readonly TimeSpan LargeWrite = TimeSpan.FromSeconds(120);

    // One portion of it; it may have to wait until another large write with the same ids has ended. The server gives up
    // a little before the client does.
    private const int PortionSeconds = 125;

    /// <summary>Asks for one tenant: row security shows that tenant's rows alone, whatever the query says.</summary>
    public Task<T> AskAsync<T>(
        string tenantId, RequestSql sql, Action<NpgsqlParameterCollection> bind,
        Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(batch => FillForTenant(batch, tenantId, sql, bind), SkipOne(read), mayCancel: true, cancellationToken);

    /// <summary>
    /// As <see cref="AskAsync{T}"/>. Once it was sent it is not cancelled: what came of it would be unknown.
    /// </summary>
    public Task<T> WriteAsync<T>(
        string tenantId, RequestSql sql, Action<NpgsqlParameterCollection> bind,
        Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(
            batch => FillForTenant(batch, tenantId, sql, bind), SkipOne(read), mayCancel: false, cancellationToken);

    /// <summary>As the other; the streams that it makes are the incarnation's.</summary>
    public Task<T> WriteAsync<T>(
        string tenantId, string incarnation, RequestSql sql, Action<NpgsqlParameterCollection> bind,
        Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(
            batch =>
            {
                batch.Add(SetTenantAndOwner, with => with.Give(tenantId).Give(incarnation));
                AddForTenant(batch, tenantId, sql, bind);
            },
            SkipOne(read), mayCancel: false, cancellationToken);

    /// <summary>As the other, and in the same transaction asks what has become of it.</summary>
    public Task<T> WriteAsync<T>(
        string tenantId, RequestSql sql, Action<NpgsqlParameterCollection> bind,
        RequestSql then, Action<NpgsqlParameterCollection> bindThen,
        Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(
            batch =>
            {
                FillForTenant(batch, tenantId, sql, bind);
                AddForTenant(batch, tenantId, then, bindThen);
            },
            SkipOne(read), mayCancel: false, cancellationToken);

    /// <summary>
    /// Runs statements that each give a number in one transaction, until one of them is not zero: then nothing is
    /// written. Its outcome is unknown only if the commit's is.
    /// </summary>
    public async Task<int> WriteLargeAsync(
        string tenantId, IEnumerable<(RequestSql Sql, Action<NpgsqlParameterCollection> Bind)> statements,
        CancellationToken cancellationToken)
    {
        var (began, sent) = (time.GetTimestamp(), false);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var (sql, bind) in statements)
            {
                if (time.GetElapsedTime(began) > LargeWrite)
                {
                    throw new TimeoutException();
                }

                if (await WritePortionAsync(connection, tenantId, sql, bind, cancellationToken) is var number and > 0)
                {
                    await transaction.RollbackAsync(CancellationToken.None);
                    return number;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            sent = true;
            await transaction.CommitAsync(CancellationToken.None);
            troubles.Succeeded();
            wrote?.Invoke();
            return 0;
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            troubles.Failed(failure);
            throw PostgresFailures.ToException(failure, sent);
        }
    }

    /// <summary>Asks for the service itself, on its own pool.</summary>
    public Task<T> AskAsync<T>(
        string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, Task<T>> read,
        CancellationToken cancellationToken) =>
        RunAsync(batch => batch.Add(sql, bind), read, mayCancel: true, cancellationToken);

    /// <summary>Writes for the service itself; once it was sent it is not cancelled.</summary>
    public Task<T> WriteAsync<T>(
        Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(fill, read, mayCancel: false, cancellationToken);

    private static void FillForTenant(
        NpgsqlBatch batch, string tenantId, RequestSql sql, Action<NpgsqlParameterCollection> bind)
    {
        batch.Add(SetTenant, parameters => parameters.Give(tenantId));
        AddForTenant(batch, tenantId, sql, bind);
    }

    private static void AddForTenant(
        NpgsqlBatch batch, string tenantId, RequestSql sql, Action<NpgsqlParameterCollection> bind) =>
        batch.Add(sql.Text, parameters =>
        {
            parameters.Give(tenantId);
            bind(parameters);
        });

    /// <summary>For a batch whose first result says nothing.</summary>
    public static Func<NpgsqlDataReader, Task<T>> SkipOne<T>(Func<NpgsqlDataReader, Task<T>> read) => async reader =>
    {
        _ = await reader.NextResultAsync();
        return await read(reader);
    };

    private static async Task<int> WritePortionAsync(
        NpgsqlConnection connection, string tenantId, RequestSql sql, Action<NpgsqlParameterCollection> bind,
        CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.Timeout = PortionSeconds;
        batch.Add(
            SetStatementTimeout,
            with => with.Give(LargeWrite.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)));
        FillForTenant(batch, tenantId, sql, bind);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        _ = await reader.NextResultAsync(cancellationToken);
        _ = await reader.NextResultAsync(cancellationToken);
        _ = await reader.ReadAsync(cancellationToken);
        return reader.GetInt32(0);
    }

    private async Task<T> RunAsync<T>(
        Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<T>> read, bool mayCancel,
        CancellationToken cancellationToken)
    {
        var sent = false;
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var batch = connection.CreateBatch();
            fill(batch);
            cancellationToken.ThrowIfCancellationRequested();
            sent = true;
            await using var reader =
                await batch.ExecuteReaderAsync(mayCancel ? cancellationToken : CancellationToken.None);
            var result = await read(reader);

            // The commit comes after the last result, and so does what it fails by.
            while (await reader.NextResultAsync(CancellationToken.None))
            {
            }

            troubles.Succeeded();
            if (!mayCancel)
            {
                wrote?.Invoke();
            }

            return result;
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            troubles.Failed(failure);
            throw PostgresFailures.ToException(failure, sent);
        }
    }
}
