using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatGrpc.Providers.Demo;

/// <summary>
/// JSON that obeys a schema, always the same for the same one. It does what usual schemas ask for; a pattern, or
/// conditions that exclude each other, it does not see.
/// </summary>
internal static class DemoInstance
{
    // Below this only what is required; a schema that requires itself ends at twice of it.
    private const int FullDepth = 6;
    private const int MaxDepth = 2 * FullDepth;

    // No text or list is longer, whatever the schema wants: it has to be read by somebody.
    private const int MaxText = 200;
    private const int MaxItems = 5;

    // With a finer one a quotient may be larger than any decimal.
    private const decimal FinestStep = 0.000_001m;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string schema)
    {
        var body = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(body, Plain);
            var root = JsonElement.Parse(schema);
            Write(json, new DemoSchema(root, root), "answer", depth: 0);
            json.Flush();
            return Encoding.UTF8.GetString(body.WrittenSpan);
        }
        catch (InvalidOperationException)
        {
            // What the JSON library throws at a text that holds half a character.
            return "{}";
        }
    }

    private static void Write(Utf8JsonWriter json, DemoSchema schema, string name, int depth)
    {
        if (schema.Chosen() is { } chosen)
        {
            chosen.WriteTo(json);
            return;
        }

        switch (depth > MaxDepth ? "null" : schema.Type())
        {
            case "object":
                WriteObject(json, schema, depth);
                break;
            case "array":
                WriteList(json, schema, name, depth);
                break;
            case "integer":
                json.WriteNumberValue(Number(schema, isWhole: true));
                break;
            case "number":
                json.WriteNumberValue(Number(schema, isWhole: false));
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(Text(schema, name));
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, DemoSchema schema, int depth)
    {
        var required = schema.Required();
        json.WriteStartObject();
        foreach (var (name, member) in schema.Members())
        {
            if (required.Remove(name) || depth < FullDepth)
            {
                json.WritePropertyName(name);
                Write(json, member, name, depth + 1);
            }
        }

        foreach (var name in required)
        {
            json.WriteString(name, name);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, DemoSchema schema, string name, int depth)
    {
        var first = schema.List("prefixItems");
        var least = (int)Math.Min(schema.Count("minItems") ?? 0, MaxItems);
        var count = Math.Min(Math.Max(first.Count, Math.Max(least, 1)), schema.Count("maxItems") ?? MaxItems);
        json.WriteStartArray();
        for (var i = 0; i < count && (depth < FullDepth || i < least); i++)
        {
            Write(json, i < first.Count ? first[i] : schema.Items(), $"{name} {i + 1}", depth + 1);
        }

        json.WriteEndArray();
    }

    private static decimal Number(DemoSchema schema, bool isWhole)
    {
        var (least, above) = (schema.Number("minimum"), schema.Number("exclusiveMinimum"));
        var (most, below) = (schema.Number("maximum"), schema.Number("exclusiveMaximum"));
        var (low, high) = (least ?? above, most ?? below);
        if ((schema.Number("multipleOf") ?? (isWhole ? 1 : null)) is not (>= FinestStep and var step))
        {
            return low is null ? high - 1 ?? 1
                : high is null ? low.Value + 1
                : (low.Value + high.Value) / 2;
        }

        var number = Math.Ceiling((low ?? step) / step) * step;
        number += number == above ? step : 0;
        if (number > high || number == below)
        {
            number = Math.Floor(high!.Value / step) * step;
            number -= number == below ? step : 0;
        }

        return number;
    }

    private static string Text(DemoSchema schema, string name)
    {
        var text = schema.Word("format") switch
        {
            "date" => "2026-01-02",
            "time" => "03:04:05Z",
            "date-time" => "2026-01-02T03:04:05Z",
            "email" => "demo@example.org",
            "uri" => "https://example.org/",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            _ => name,
        };
        text = text.PadRight((int)Math.Min(schema.Count("minLength") ?? 0, MaxText), '.');
        return text.Length > schema.Count("maxLength") ? text[..(int)schema.Count("maxLength")!.Value] : text;
    }
}
