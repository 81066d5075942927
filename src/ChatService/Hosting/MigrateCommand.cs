using System.Globalization;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Moving;

namespace ChatGrpc.Hosting;

/// <summary>migrate --from sqlite --to postgres: copies all conversations from one store to the other.</summary>
internal static class MigrateCommand
{
    public const string Name = "migrate";

    private const string Form = "migrate --from sqlite --to postgres, or the other way round";
    private const int DifferentShown = 10;

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    /// <returns>The exit code: 0, everything is in the target and equal.</returns>
    /// <exception cref="StartupException">A store cannot be opened, or the command is not complete.</exception>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables()
            .AddCommandLine([.. arguments]);
        var (source, target) = (configuration["from"] ?? "", configuration["to"] ?? "");
        if ((source, target) is not ((MovableStores.Sqlite, MovableStores.Postgres)
            or (MovableStores.Postgres, MovableStores.Sqlite)))
        {
            throw new StartupException($"Say from where to where: {Form}.");
        }

        var options = ChatSettings.Load(configuration).Storage;
        await using var from = await MovableStores.OpenAsync(source, options, configuration, exists: true);
        await using var to = await MovableStores.OpenAsync(target, options, configuration, exists: false);
        await output.WriteLineAsync($"From {from.Name}");
        await output.WriteLineAsync($"to   {to.Name}");
        var move = new SessionMove(from, to);
        await MoveAsync(move, output, cancellationToken);
        return Report(move, output);
    }

    private static async Task MoveAsync(SessionMove move, TextWriter output, CancellationToken cancellationToken)
    {
        var last = TimeProvider.System.GetTimestamp();
        try
        {
            await move.RunAsync(Tell, cancellationToken);
        }
        catch (Exception stop) when (stop is OperationCanceledException or StoreException or InvalidDataException)
        {
            throw new StartupException(
                $"{Sentence(stop)} What was copied stays; the same command goes on behind it.", stop);
        }

        void Tell(int done, int all)
        {
            if (TimeProvider.System.GetElapsedTime(last) >= BetweenLines)
            {
                last = TimeProvider.System.GetTimestamp();
                output.WriteLine($"{Number(done)} of {Number(all)} sessions");
            }
        }
    }

    private static string Sentence(Exception stop) => stop switch
    {
        StoreException store => $"{store.Message.TrimEnd('.')} ({store.InnerException?.Message.TrimEnd('.')}).",
        OperationCanceledException => "Stopped.",
        _ => stop.Message,
    };

    private static int Report(SessionMove move, TextWriter output)
    {
        var rows = MovedTable.All.Select(table => $"{Number(move.Rows(table.Name))} of {table.Name}");
        output.WriteLine(
            $"{Number(move.Copied)} sessions copied, {Number(move.Present)} were there already. Read back and equal by "
            + $"SHA-256, rows: {string.Join(", ", rows)}.");
        if (move.Different.Count == 0)
        {
            return 0;
        }

        output.WriteLine(
            $"{Number(move.Different.Count)} sessions are in the target with other contents, and were left as they are "
            + "in both:");
        foreach (var session in move.Different.Take(DifferentShown))
        {
            output.WriteLine($"  {session.SessionId} of {session.TenantId}");
        }

        return 1;
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
