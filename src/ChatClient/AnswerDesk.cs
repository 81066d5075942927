using Chat.V1;
using ChatGrpc.Client.Documents;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Streams;
using Google.Protobuf;

namespace ChatGrpc.Client;

/// <summary>How answers are read and shown, as the command line says.</summary>
/// <param name="Patience">How long a lost service is waited for.</param>
/// <param name="Documents">Where documents are saved; null: nowhere.</param>
internal sealed record AnswerOptions(bool Json, bool Verbose, TimeSpan Patience, DocumentFolder? Documents);

/// <summary>Asks one service, reads its answers again and ends them.</summary>
internal sealed class AnswerDesk(ChatConnection connection, ConsoleEnvironment environment, AnswerOptions options)
{
    private readonly Memory _memory = new(environment.StateFolder);
    private readonly ContinueOffer _offer = new(
        options.Json ? null : environment.Keyboard, environment.Terminal, environment.Interrupts);

    public Memory Memory => _memory;

    public ChatConnection Connection => connection;

    public AnswerOptions Options => options;

    /// <summary>Sends a request and shows the answer, and what it is continued with if somebody wants that.</summary>
    /// <param name="after">What came up to that sequence is not shown.</param>
    public async Task<Outcome> AskAsync(
        StreamChatRequest request, CancellationToken cancellationToken, long after = 0)
    {
        var known = "";
        while (true)
        {
            var asked = request;
            var printer = new AnswerPrinter(environment.Terminal, options.Json, options.Verbose)
            {
                After = after,
                Documents = options.Documents,
                Known = known,
            };
            var outcome = await environment.Interrupts.DuringAsync(
                interrupted => AnswerAsync(asked, printer, interrupted), cancellationToken);
            if (await _offer.TakeAsync(asked, outcome, cancellationToken) is not { } more)
            {
                return outcome;
            }

            (request, known, after) = (more, outcome.Answer, 0);
        }
    }

    /// <returns>The exit code.</returns>
    public async Task<int> CancelAsync(CancelStreamRequest request, CancellationToken cancellationToken)
    {
        var ended = await connection.Chat.CancelStreamAsync(request, cancellationToken: cancellationToken);
        environment.Terminal.WriteLine(options.Json
            ? JsonFormatter.Default.Format(ended)
            : $"{ended.StreamId}  {$"{ended.State}".ToLowerInvariant()}, last sequence {ended.LastSequence}");
        return ExitCodes.Ok;
    }

    private Task<Outcome> AnswerAsync(
        StreamChatRequest request, AnswerPrinter printer, CancellationToken interrupted)
    {
        if (request.Resume is null && request.ClientRequestId.Length == 0)
        {
            // A send whose connection breaks can be repeated under it.
            request.ClientRequestId = $"{Guid.CreateVersion7(environment.Time.GetUtcNow())}";
        }

        var outage = new Outage(options.Patience, environment.Time, Random.Shared);
        return new Exchange(connection, environment.Terminal, printer, outage, _memory, environment.Time)
            .RunAsync(request, interrupted);
    }
}
