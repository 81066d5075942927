using System.Globalization;
using System.Runtime.InteropServices;
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

    /// <param name="arguments">Behind the command's name: from where to where, and settings.</param>
    /// <returns>The exit code: 0, everything is in the target and equal.</returns>
    /// <exception cref="StartupException">A store cannot be used, or the command is not complete.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        var settings = new List<string>(arguments);
        var (source, target) = (Take(settings, "--from"), Take(settings, "--to"));
        if ((source, target) is not ((MovableStores.Sqlite, MovableStores.Postgres)
            or (MovableStores.Postgres, MovableStores.Sqlite)))
        {
            throw new StartupException($"Say from where to where: {Form}.");
        }

        CommandLine.RefuseUnknown(settings);
        var builder = WebApplication.CreateSlimBuilder([.. settings]);
        builder.Configuration.AddServiceDefaults();
        var options = ChatSettings.Load(builder.Configuration).Storage;
        using var stopped = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var from = await OpenAsync(source, exists: true);
        await using var to = await OpenAsync(target, exists: false);
        await output.WriteLineAsync($"From {from.Name}");
        await output.WriteLineAsync($"to   {to.Name}");
        var move = new SessionMove(from, to);
        await MoveAsync(move, output, stopped.Token);
        return Report(move, output);

        async Task<IMovableStore> OpenAsync(string name, bool exists)
        {
            try
            {
                return await MovableStores.OpenAsync(name, options, builder.Configuration, exists);
            }
            catch (StoreException away)
            {
                throw new StartupException(
                    $"{Sentence(away)} Stop the service that uses it, or start the database.", away);
            }
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.Cancel();
        }
    }

    // --name VALUE or --name=VALUE, taken out of the arguments; empty: it is not there.
    private static string Take(List<string> arguments, string name)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var (count, value) = arguments[i] == name && i + 1 < arguments.Count ? (2, arguments[i + 1])
                : arguments[i].StartsWith($"{name}=", StringComparison.Ordinal) ? (1, arguments[i][(name.Length + 1)..])
                : (0, "");
            if (count > 0)
            {
                arguments.RemoveRange(i, count);
                return value;
            }
        }

        return "";
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
            $"Sessions: {Number(move.Copied)} copied, {Number(move.Present)} were there already. Read back and equal "
            + $"by SHA-256, rows: {string.Join(", ", rows)}.");
        if (move.Different.Count == 0)
        {
            return 0;
        }

        output.WriteLine(
            $"In the target with other contents, and left as they are in both: {Number(move.Different.Count)}");
        foreach (var session in move.Different.Take(DifferentShown))
        {
            output.WriteLine($"  {session.SessionId} of {session.TenantId}");
        }

        return 1;
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
