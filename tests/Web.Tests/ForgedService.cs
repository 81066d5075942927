using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Microsoft.Playwright;

namespace Web.Tests;

/// <summary>
/// Answers of gRPC-Web that no service gives, put before a page in place of the service's. The page's hub is in the
/// page itself: what a shared worker calls nobody can stand before.
/// </summary>
internal sealed class ForgedService
{
    public const string Ok = "grpc-status: 0";

    /// <summary>No trailers: the body just ends, as that of a connection which broke.</summary>
    public const string Cut = "";

    private const byte Message = 0;
    private const byte Trailers = 0x80;

    private readonly IPage _page;
    private readonly Channel<IRoute> _watches = Channel.CreateUnbounded<IRoute>();
    private IRoute? _watch;
    private int _told;

    private ForgedService(IPage page) => _page = page;

    /// <summary>What the page asked for by the call that is open.</summary>
    public WatchSessionRequest Request { get; private set; } = new();

    /// <summary>The requests of StreamChat, each with its API key.</summary>
    public List<(StreamChatRequest Request, string Key)> Sent { get; } = [];

    /// <summary>StreamChat is not answered before this ends.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    /// <summary>What answers StreamChat. By default the turn begins, and is told by the watch.</summary>
    public Func<string, (IEnumerable<StreamChatResponse> Events, string Trailers)> OnSend { get; set; } =
        _ => ([ForgedTurn.Info()], Ok);

    /// <summary>A page before this service, which asks for its first watch.</summary>
    public static async Task<ForgedService> StandBeforeAsync(IPage page)
    {
        var forged = new ForgedService(page);
        await page.AddInitScriptAsync("delete window.SharedWorker");
        await page.RouteAsync("**/WatchSession", route => forged._watches.Writer.WriteAsync(route).AsTask());
        await page.RouteAsync("**/StreamChat", forged.TakeAsync);
        await page.ReloadAsync();
        await forged.NextWatchAsync();
        return forged;
    }

    /// <summary>Waits for the page to open the watch, or to open it again.</summary>
    /// <param name="key">With this API key, as the header has it; what was opened with others is passed over.</param>
    public async Task NextWatchAsync(string key = "")
    {
        do
        {
            _watch = await _watches.Reader.ReadAsync().InTime();
        }
        while (_watch.Request.Headers.GetValueOrDefault("authorization", "") != key);

        Request = Parse(WatchSessionRequest.Parser, _watch);
    }

    /// <summary>All that the open call of the watch gives, each with a cursor of its own.</summary>
    public Task TellAsync(IEnumerable<WatchSessionResponse> updates, string trailers = Cut) =>
        AnswerAsync(_watch!, updates.Select(WithCursor), trailers);

    /// <summary>Answers every call of a method by itself.</summary>
    /// <param name="ready">An answer goes out when this ends.</param>
    public Task ForgeAsync<T>(
        string method,
        MessageParser<T> parser,
        Func<T, (IEnumerable<IMessage> Answers, string Trailers)> answer,
        Func<Task>? ready = null)
        where T : IMessage<T> =>
        _page.RouteAsync($"**/{method}", async route =>
        {
            var (answers, trailers) = answer(Parse(parser, route));
            await (ready?.Invoke() ?? Task.CompletedTask);
            await AnswerAsync(route, answers, trailers);
        });

    /// <summary>What the page asked for.</summary>
    public static T Parse<T>(MessageParser<T> parser, IRoute route)
        where T : IMessage<T> =>
        // A flag and the length come first.
        parser.ParseFrom(route.Request.PostDataBuffer!.AsSpan(5).ToArray());

    public static Task AnswerAsync(IRoute route, IEnumerable<IMessage> messages, string trailers)
    {
        var body = new MemoryStream();
        foreach (var next in messages)
        {
            Write(body, Message, next.ToByteArray());
        }

        if (trailers.Length > 0)
        {
            Write(body, Trailers, Encoding.ASCII.GetBytes(trailers + "\r\n"));
        }

        return route.FulfillAsync(new() { ContentType = "application/grpc-web+proto", BodyBytes = body.ToArray() });
    }

    private async Task TakeAsync(IRoute route)
    {
        var key = route.Request.Headers.GetValueOrDefault("authorization", "");
        Sent.Add((Parse(StreamChatRequest.Parser, route), key));
        var (events, trailers) = OnSend(key);
        await Ready;
        await AnswerAsync(route, events, trailers);
    }

    private WatchSessionResponse WithCursor(WatchSessionResponse update)
    {
        var told = update.Clone();
        told.SessionId = Request.SessionId;
        told.Cursor = (++_told).ToString(CultureInfo.InvariantCulture);
        if (told.Session is { } session)
        {
            session.SessionId = Request.SessionId;
        }

        return told;
    }

    private static void Write(MemoryStream body, byte flag, byte[] bytes)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], bytes.Length);
        body.Write(head);
        body.Write(bytes);
    }
}
