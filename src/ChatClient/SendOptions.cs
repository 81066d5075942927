using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Chat.V1;
using ChatGrpc.Client.Attachments;
using ChatGrpc.Client.Tools;

namespace ChatGrpc.Client;

/// <summary>What the command line says of a message, and how it is to be answered.</summary>
internal sealed class SendOptions
{
    private const string Adaptive = "adaptive";

    private readonly Argument<string[]> _question = new("question")
    {
        Description =
            "What to ask. Standard input, if it is a file or a pipe, is appended. Without either: a conversation.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _model = new("--model") { Description = "Alias of the model that answers." };

    private readonly Option<string> _instructions =
        new("--instructions") { Description = "How the model should answer." };

    private readonly Option<string[]> _image =
        new("--image") { Description = "A PNG, JPEG, GIF or WebP image that goes with the question." };

    private readonly Option<string[]> _file =
        new("--file") { Description = "A text file that goes with the question." };

    private readonly Option<string> _onBusy = new("--on-busy")
    {
        Description = "While the session still answers: reject the message (the default), queue it, or interrupt.",
    };

    private readonly Option<string> _onDisconnect = new("--on-disconnect")
    {
        Description = "When the connection is lost: continue the turn (the default), or cancel it.",
    };

    private readonly Option<bool> _strict =
        new("--strict") { Description = "Show nothing that the service has not saved." };

    private readonly Option<bool> _coalesce =
        new("--coalesce") { Description = "Have the service gather small pieces of the answer into larger ones." };

    private readonly Option<string> _pace = new("--pace")
    {
        Description = "How fast the answer comes: at most so many characters a second, or adaptive: evenly.",
    };

    private readonly ToolOptions _tools = new();

    public SendOptions()
    {
        _onBusy.AcceptOnlyFromAmong("reject", "queue", "interrupt");
        _onDisconnect.AcceptOnlyFromAmong("continue", "cancel");
        _pace.Validators.Add(result =>
        {
            if (Pace(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError($"--pace takes a number of characters a second, 1 to 100,000, or {Adaptive}.");
            }
        });
    }

    /// <summary>How fast an answer comes that is read again, too.</summary>
    public Option<string> PaceOption => _pace;

    /// <summary>How a message is answered.</summary>
    public IReadOnlyList<Option> OfTheAnswer =>
        [_model, _instructions, _onBusy, _onDisconnect, _strict, _coalesce, _pace, .. _tools.All];

    /// <summary>What goes with a message.</summary>
    public IReadOnlyList<Option> Attachments => [_image, _file];

    public void AddTo(Command command)
    {
        command.Add(_question);
        foreach (var option in Attachments.Concat(OfTheAnswer))
        {
            command.Add(option);
        }
    }

    /// <summary>The words of a question.</summary>
    public IReadOnlyList<string> Question(ParseResult parsed) => parsed.GetValue(_question) ?? [];

    /// <summary>Whether the parser found words of a question.</summary>
    public bool HasQuestion(ParseResult parsed) => parsed.GetResult(_question) is { Tokens.Count: > 0 };

    public Pacing? Pace(ParseResult parsed) => Pace(parsed.GetValue(_pace));

    /// <summary>The message; null: it cannot be sent, and the error says why.</summary>
    /// <param name="words">What it says.</param>
    /// <param name="piped">What it says after them.</param>
    public StreamChatRequest? Read(
        ParseResult parsed, IReadOnlyList<string> words, string piped, out string error)
    {
        var request = new StreamChatRequest
        {
            Message = PipedText.Append(words, piped),
            Model = parsed.GetValue(_model) ?? "",
            Instructions = parsed.GetValue(_instructions) ?? "",
            OnBusy = parsed.GetValue(_onBusy) switch
            {
                "queue" => OnBusy.Queue,
                "interrupt" => OnBusy.Interrupt,
                _ => OnBusy.Unspecified,
            },
            OnDisconnect = parsed.GetValue(_onDisconnect) == "cancel"
                ? OnDisconnect.Cancel
                : OnDisconnect.Unspecified,
            Durability = parsed.GetValue(_strict) ? Durability.Strict : Durability.Unspecified,
            Coalescing = parsed.GetValue(_coalesce) ? new Coalescing() : null,
            Pacing = Pace(parsed),
        };
        error = UnknownOption.In(parsed, words) is { } unknown ? unknown
            : Attach(parsed, request) is { Length: > 0 } refused ? refused
            : _tools.Read(parsed, request);
        return error.Length == 0 ? request : null;
    }

    // Why an attachment cannot go; empty: they all do.
    private string Attach(ParseResult parsed, StreamChatRequest request)
    {
        var attachments = (parsed.GetValue(_image) ?? []).Select(Attachment.Image)
            .Concat((parsed.GetValue(_file) ?? []).Select(Attachment.Text));
        foreach (var (part, error) in attachments)
        {
            if (part is null)
            {
                return error;
            }

            request.Parts.Add(part);
        }

        return "";
    }

    private static Pacing? Pace(string? text) =>
        text == Adaptive ? new Pacing { Strategy = PacingStrategy.Adaptive }
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed)
            && speed is >= 1 and <= 100_000
            ? new Pacing { Strategy = PacingStrategy.Fixed, CharactersPerSecond = speed }
            : null;
}
