using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Schemas;

namespace ChatGrpc.Endpoints;

/// <summary>What must hold of tools, of their results and of an answer's form.</summary>
internal static partial class ToolRules
{
    private const int MaxTools = 128;
    private const int MaxPatternScalars = 65;
    private const int MaxDescriptionScalars = 10_000;
    private const int MaxOutputScalars = 100_000;
    private const int MaxIdScalars = 128;
    private const string NameRule = "must be 1 to 64 of the characters A-Z a-z 0-9 _ -";

    public static void Check(StreamChatRequest request, Violations rules)
    {
        if (request.Tools is { } tools)
        {
            Check(tools, rules);
        }

        if (request.ResponseFormat is { } format)
        {
            rules.Require(
                format.Name.Length == 0 || Name().IsMatch(format.Name), "response_format.name", NameRule);
            RequireSchema("response_format.json_schema", format.JsonSchema, rules);
            rules.Require(
                request.ContinueFrom.Length == 0, "response_format",
                "cannot go with continue_from: half of a document is begun anew, by another message");
        }
    }

    /// <summary>Nobody could answer the calls: the caller sees them when the turn has ended.</summary>
    public static Failure? CheckUnary(ChatRequest request)
    {
        var rules = new Violations();
        rules.Require(
            request.Tools is null || request.Tools.ClientTools.Count == 0,
            "tools.client_tools", "go with StreamChat only, where the client sees their calls");
        return rules.Failure;
    }

    public static Failure? Check(SubmitToolResultRequest request)
    {
        var rules = new Violations();
        rules.Require(request.StreamId.Length > 0, "stream_id", "is required");
        rules.RequireText("stream_id", request.StreamId, MaxIdScalars);
        rules.Require(request.ToolCallId.Length > 0, "tool_call_id", "is required");
        rules.RequireText("tool_call_id", request.ToolCallId, MaxIdScalars);
        switch (request.OutputCase)
        {
            case SubmitToolResultRequest.OutputOneofCase.Json:
                rules.RequireText("json", request.Json, MaxOutputScalars);
                rules.Require(IsJson(request.Json), "json", "must be JSON");
                break;
            case SubmitToolResultRequest.OutputOneofCase.Text:
                rules.RequireText("text", request.Text, MaxOutputScalars);
                break;
            default:
                rules.Add("output", "json or text is required");
                break;
        }

        return rules.Failure;
    }

    public static ToolResult ResultOf(SubmitToolResultRequest request)
    {
        var result = new ToolResult { Id = request.ToolCallId, IsError = request.IsError };
        if (request.OutputCase == SubmitToolResultRequest.OutputOneofCase.Json)
        {
            result.Json = request.Json;
        }
        else
        {
            result.Text = request.Text;
        }

        return result;
    }

    private static void Check(ToolSelection tools, Violations rules)
    {
        rules.Require(tools.Names.Count <= MaxTools, "tools.names", $"must be at most {MaxTools}");
        for (var i = 0; i < tools.Names.Count && i < MaxTools; i++)
        {
            rules.Require(tools.Names[i].Length > 0, $"tools.names[{i}]", "must not be empty");
            rules.RequireText($"tools.names[{i}]", tools.Names[i], MaxPatternScalars);
        }

        rules.Require(tools.ClientTools.Count <= MaxTools, "tools.client_tools", $"must be at most {MaxTools}");
        for (var i = 0; i < tools.ClientTools.Count && i < MaxTools; i++)
        {
            var (tool, field) = (tools.ClientTools[i], $"tools.client_tools[{i}]");
            rules.Require(Name().IsMatch(tool.Name), $"{field}.name", NameRule);
            rules.RequireText($"{field}.description", tool.Description, MaxDescriptionScalars);
            if (tool.ParametersJsonSchema.Length > 0)
            {
                RequireSchema($"{field}.parameters_json_schema", tool.ParametersJsonSchema, rules);
            }
        }
    }

    private static void RequireSchema(string field, string schema, Violations rules)
    {
        rules.Require(schema.Length > 0, field, "is required");
        if (schema.Length > 0 && JsonSchema.Parse(schema, out var error) is null)
        {
            rules.Add(field, $"is no JSON schema: {error.TrimEnd('.')}");
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Name();
}
