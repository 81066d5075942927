using System.Globalization;
using System.Text;
using Chat.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ChatGrpc.Bench.Load.Stores;

/// <summary>
/// Conversations as life has them: most are short, some go on for years, words are as frequent as words are. The same
/// seed makes the same ones.
/// </summary>
internal sealed class Library(int seed)
{
    /// <summary>In one message of five.</summary>
    public const string Common = "harbour";

    /// <summary>In one message of five thousand.</summary>
    public const string Rare = "zyzzyva";

    /// <summary>In one message of a hundred.</summary>
    public const string Chinese = "数据库迁移";

    /// <summary>Two scalars, which are in as many.</summary>
    public const string TwoScalars = "迁移";

    // As many as people use in talk, the nth with a share of 1/n.
    private const int Vocabulary = 8_000;

    private static readonly string[] Syllables =
        ["ka", "to", "mi", "ren", "sol", "be", "ner", "du", "fa", "lis", "mor", "pe", "tan", "vi", "gro", "hul"];

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    private readonly Random _dice = new(seed);
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The sizes of sessions with so many messages: 40% in the largest, 20% in middling ones.</summary>
    public static IEnumerable<int> Sizes(int messages)
    {
        for (var left = messages * 4 / 10; left > 0; left -= 10_000)
        {
            yield return Math.Min(left, 10_000);
        }

        for (var left = messages * 2 / 10; left > 0; left -= 200)
        {
            yield return 200;
        }

        for (var left = messages * 4 / 10; left > 0; left -= 10)
        {
            yield return 10;
        }
    }

    /// <summary>A session in the form that ImportSession takes.</summary>
    public byte[] Session(string id, int messages)
    {
        var text = new StringBuilder();
        var begun = _now;
        var parent = "";
        for (var i = 0; i < messages; i++)
        {
            var message = Message(parent, isAnswer: i % 2 == 1);
            parent = message.MessageId;
            text.Append(i == 0 ? "\n" : ",\n").Append(Formatter.Format(message));
        }

        var session = new Session
        {
            SessionId = id,
            Title = Words(5),
            CreateTime = Timestamp.FromDateTimeOffset(begun),
            UpdateTime = Timestamp.FromDateTimeOffset(_now),
            HeadMessageId = parent,
        };
        return Encoding.UTF8.GetBytes(
            $"{{\"format\":\"chatgrpc-session\",\"version\":1,\n\"session\":{Formatter.Format(session)},\n"
            + $"\"messages\":[{text}\n]}}");
    }

    private Message Message(string parent, bool isAnswer)
    {
        _now += TimeSpan.FromMilliseconds(_dice.Next(10_000));
        return new Message
        {
            MessageId = Guid.CreateVersion7(_now).ToString(),
            ParentMessageId = parent,
            Role = isAnswer ? MessageRole.Assistant : MessageRole.User,
            Author = isAnswer ? "stand-in" : "",
            Parts = { new Part { Text = Text(isAnswer ? 40 : 12) } },
            State = StreamState.Completed,
            StreamId = Guid.CreateVersion7(_now).ToString(),
            CreateTime = Timestamp.FromDateTimeOffset(_now),
        };
    }

    private string Text(int words)
    {
        var text = Words(words);
        text += _dice.Next(5) == 0 ? " " + Common : "";
        text += _dice.Next(100) == 0 ? "。我们的" + Chinese + "已经完成了" : "";
        return text + (_dice.Next(5_000) == 0 ? " " + Rare : "");
    }

    private string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Word()));

    private string Word()
    {
        var rank = (int)Math.Pow(Vocabulary, _dice.NextDouble());
        var word = new StringBuilder();
        for (var rest = rank; rest > 0 || word.Length < 4; rest /= Syllables.Length)
        {
            _ = word.Append(Syllables[rest % Syllables.Length]);
        }

        return rank % 50 == 7 ? rank.ToString(CultureInfo.InvariantCulture) : word.ToString();
    }
}
