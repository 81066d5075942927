using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Schemas;

namespace ChatGrpc.Turns;

/// <summary>Holds an answer to the form that its request asked for.</summary>
internal sealed class AnswerForm
{
    private const string DefaultName = "answer";

    private readonly JsonSchema _schema;
    private readonly string _name;

    private AnswerForm(JsonSchema schema, string name) => (_schema, _name) = (schema, name);

    /// <summary>Null: the answer may be anything.</summary>
    public static AnswerForm? Of(ResponseFormat? format) =>
        format is null ? null
        : JsonSchema.Parse(format.JsonSchema, out var error) is { } schema ? new AnswerForm(schema, NameOf(format))
        : throw new ArgumentException($"The form was checked before the turn began: {error}", nameof(format));

    /// <summary>The form as the model is told of it.</summary>
    public static ModelSchema? SchemaOf(ResponseFormat? format) =>
        format is null ? null : new ModelSchema(NameOf(format), format.JsonSchema);

    /// <summary>What is wrong with an answer, for the model; null: it has the form.</summary>
    public string? Check(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            var problems = _schema.Check(answer.RootElement);
            return problems.Count == 0 ? null : string.Join(" ", problems);
        }
        catch (JsonException unreadable)
        {
            // Not its message: that quotes the answer.
            return $"It is no JSON, at line {unreadable.LineNumber + 1}, byte {unreadable.BytePositionInLine}.";
        }
    }

    public Document Document(string text, int step) =>
        new() { Id = $"document_{step}", Title = _name, MediaType = "application/json", Text = text.Trim() };

    /// <summary>What the model is told of an answer of another form: the answer, and what was wrong with it.</summary>
    public static IReadOnlyList<ModelMessage> Correction(string answer, string problem) =>
    [
        new(ModelRole.Assistant, [new Part { Text = answer }]),
        new(ModelRole.User,
        [
            new Part
            {
                Text = $"This answer does not have the form that it must have. {problem} "
                    + "Give the whole answer again, as JSON of that form and nothing else.",
            },
        ]),
    ];

    private static string NameOf(ResponseFormat format) => format.Name.Length > 0 ? format.Name : DefaultName;
}
