using System.Diagnostics;
using System.Globalization;
using Chat.V1;
using ChatGrpc.Bench.Load.EndToEnd;
using ChatGrpc.Bench.Load.Surviving;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChatGrpc.Bench.Load.Stores;

/// <summary>What reads cost a client when a store holds many messages, the stores taking turns.</summary>
internal static class Histories
{
    // A store takes in several conversations at once.
    private const int Importers = 6;
    private const int PieceBytes = 64 * 1024;
    private const int Rounds = 60;

    public static async Task RunAsync(int messages, IReadOnlyList<string> words)
    {
        var contenders = new List<Contender>();
        var channels = new List<GrpcChannel>();
        try
        {
            foreach (var each in words)
            {
                contenders.Add(await Contender.StartAsync(each, new Uri("http://127.0.0.1:9")));
                channels.Add(GrpcChannel.ForAddress(contenders[^1].Process!.Address));
                await FillAsync(channels[^1], messages);
            }

            var sessions = channels.ConvertAll(channel => new SessionService.SessionServiceClient(channel));
            Console.WriteLine("| ms | p50 | p99 | longest |");
            Console.WriteLine("|---|---|---|---|");
            foreach (var (what, read) in Reads(messages))
            {
                var times = sessions.ConvertAll(_ => new List<double>());
                for (var round = -Rounds / 10; round < Rounds; round++)
                {
                    for (var i = 0; i < sessions.Count; i++)
                    {
                        var started = Stopwatch.GetTimestamp();
                        await read(sessions[i], round + Rounds);
                        if (round >= 0)
                        {
                            times[i].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                        }
                    }
                }

                for (var i = 0; i < sessions.Count; i++)
                {
                    Milliseconds.Print($"{Paced.Column(words[i])}: {what}", times[i]);
                }
            }
        }
        finally
        {
            channels.ForEach(channel => channel.Dispose());
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    private static IEnumerable<(string What, Func<SessionService.SessionServiceClient, int, Task> Read)> Reads(
        int messages)
    {
        yield return ("list sessions, first page", async (sessions, round) =>
            await sessions.ListSessionsAsync(new ListSessionsRequest()));
        yield return ("open a session of 10 messages", (sessions, round) =>
            OpenAsync(sessions, $"small-{round * 37 % (messages / 25)}"));
        yield return ("open a session of 10,000", (sessions, round) =>
            OpenAsync(sessions, $"large-{round % Math.Max(1, messages / 25_000)}"));
        yield return Search("a common term", Library.Common);
        yield return Search("a rare term", Library.Rare);
        yield return Search("Chinese, five scalars", Library.Chinese);
        yield return Search("two scalars", Library.TwoScalars);
        yield return Search("what is in none", "quixotically");
        yield return Search("two common terms", $"{Library.Common} {Library.TwoScalars}");
    }

    private static (string What, Func<SessionService.SessionServiceClient, int, Task> Read) Search(
        string what, string query) => ($"search: {what}", async (sessions, round) =>
            await sessions.SearchMessagesAsync(new SearchMessagesRequest { Query = query }));

    private static async Task OpenAsync(SessionService.SessionServiceClient sessions, string id)
    {
        _ = await sessions.GetSessionAsync(new GetSessionRequest { SessionId = id });
        _ = await sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, NewestFirst = true });
    }

    // A database that was filled by an earlier measurement is taken as it is.
    private static async Task FillAsync(GrpcChannel channel, int messages)
    {
        var sessions = new SessionService.SessionServiceClient(channel);
        if ((await sessions.ListSessionsAsync(new ListSessionsRequest())).Sessions.Count > 0)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var library = new Library(seed: 17);
        var names = new Dictionary<int, int>();
        var importing = new List<Task>();
        foreach (var size in Library.Sizes(messages))
        {
            var number = names[size] = names.GetValueOrDefault(size, -1) + 1;
            var id = $"{(size > 200 ? "large" : size > 10 ? "middling" : "small")}-{number}";
            importing.Add(ImportAsync(sessions, library.Session(id, size)));
            if (importing.Count == Importers)
            {
                var done = await Task.WhenAny(importing);
                await done;
                _ = importing.Remove(done);
            }
        }

        await Task.WhenAll(importing);
        var took = Stopwatch.GetElapsedTime(started);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{messages} messages were imported in {took.TotalSeconds:0} s."));
    }

    private static async Task ImportAsync(SessionService.SessionServiceClient sessions, byte[] file)
    {
        using var call = sessions.ImportSession();
        foreach (var piece in file.Chunk(PieceBytes))
        {
            await call.RequestStream.WriteAsync(
                new ImportSessionRequest { Data = UnsafeByteOperations.UnsafeWrap(piece) });
        }

        await call.RequestStream.CompleteAsync();
        _ = await call;
    }
}
