using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools.BuiltIn;

/// <summary>What the time is, here and elsewhere: a model knows neither.</summary>
internal sealed partial class TimeTool(TimeProvider time) : ServiceTool(
    "time",
    "Time",
    "Tells the current date and time, in UTC and, where a time zone is given, there.",
    """
    {
      "type": "object",
      "properties": {
        "zone": { "type": "string", "description": "IANA time zone such as Europe/Zurich. Default: UTC." }
      },
      "additionalProperties": false
    }
    """)
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ssK";

    protected override ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken) => new(Tell(TextOf(arguments, "zone")));

    private object Tell(string? id)
    {
        id = string.IsNullOrWhiteSpace(id) ? "UTC" : id;

        // Names of zones are names of files: what is no such name is not looked up.
        if (!ZoneName().IsMatch(id) || !TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            return new ToolFailure($"There is no time zone {id}: give an IANA name, such as Europe/Zurich.");
        }

        var now = time.GetUtcNow();
        var local = TimeZoneInfo.ConvertTime(now, zone);
        return JsonSerializer.SerializeToElement(new Dictionary<string, string>
        {
            ["utc"] = now.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture),
            ["zone"] = id,
            ["local"] = local.ToString(Form, CultureInfo.InvariantCulture),
            ["weekday"] = local.DayOfWeek.ToString(),
        });
    }

    [GeneratedRegex("^[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}$")]
    private static partial Regex ZoneName();
}
