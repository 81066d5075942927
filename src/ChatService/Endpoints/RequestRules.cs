using System.Text.RegularExpressions;
using Chat.V1;
using ChatGrpc.Model;
using Google.Protobuf.Collections;
using Google.Rpc;

namespace ChatGrpc.Endpoints;

/// <summary>What must hold of a request by itself, before anything is done about it.</summary>
internal static partial class RequestRules
{
    private const int MaxTextScalars = 100_000;
    private const int MaxParts = 16;
    private const int MaxContextBytes = 100_000;
    private const int MaxContextMessages = 200;
    private const int MaxNameScalars = 128;
    private const int MaxStops = 4;
    private const int MaxStopScalars = 256;
    private const int MaxLabels = 16;
    private const int MaxLabelKeyScalars = 64;
    private const int MaxLabelValueScalars = 512;

    public static Failure? Check(StreamChatRequest request)
    {
        var rules = new Violations();
        if (request.Resume is { } resume)
        {
            CheckResume(request, resume, rules);
        }
        else
        {
            CheckMessage(request, rules);
            CheckPlace(request, rules);
            CheckSampling(request, rules);
            CheckLabels(request.Metadata, rules);
            ToolRules.Check(request, rules);
        }

        DeliveryRules.Check(request, rules);
        return rules.Failure;
    }

    public static Failure? Check(CancelStreamRequest request)
    {
        var rules = new Violations();
        rules.Require(
            request.TargetCase != CancelStreamRequest.TargetOneofCase.None,
            "target", "stream_id, client_request_id or session_id is required");
        return rules.Failure;
    }

    private static void CheckResume(StreamChatRequest request, Resume resume, Violations rules)
    {
        rules.Require(resume.StreamId.Length > 0, "resume.stream_id", "is required");
        rules.Require(resume.AfterSequence >= 0, "resume.after_sequence", "must not be negative");
        rules.Require(
            resume.Epoch > 0 || (resume.Epoch == 0 && resume.AfterSequence <= 0),
            "resume.epoch", "must be the one of the session_info that came last");

        var alone = new StreamChatRequest
        {
            Resume = resume,
            OnDisconnect = request.OnDisconnect,
            Pacing = request.Pacing,
        };
        rules.Require(alone.Equals(request), "resume", "goes with on_disconnect and pacing only");
    }

    // A turn that carries on another one's answer, or makes one anew, has the message that is there.
    private static void CheckMessage(StreamChatRequest request, Violations rules)
    {
        var (continues, regenerates) = (request.ContinueFrom.Length > 0, request.RegenerateMessageId.Length > 0);
        rules.Require(
            continues || regenerates || request.Parts.Count > 0 || !string.IsNullOrWhiteSpace(request.Message),
            "message", "must not be empty");
        RequireAlone("continue_from", request.ContinueFrom);
        RequireAlone("regenerate_message_id", request.RegenerateMessageId);
        rules.Require(
            request.EditMessageId.Length == 0 || request.ParentMessageId.Length == 0,
            "parent_message_id", "must be empty beside edit_message_id");
        rules.Require(
            !continues || (request.EditMessageId.Length == 0 && !regenerates),
            "continue_from", "goes with neither edit_message_id nor regenerate_message_id");
        rules.Require(
            !regenerates || request.EditMessageId.Length == 0,
            "edit_message_id", "must be empty beside regenerate_message_id");
        rules.Require(
            request.SessionId.Length > 0 || (request.EditMessageId.Length == 0 && !regenerates),
            "session_id", "is required beside edit_message_id and regenerate_message_id");
        CheckContent(request, rules);

        void RequireAlone(string field, string value)
        {
            rules.RequireText(field, value, MaxNameScalars);
            rules.Require(
                value.Length == 0 || (request.Message.Length == 0 && request.Parts.Count == 0),
                "message", $"must be empty beside {field}");
            rules.Require(
                value.Length == 0 || request.ParentMessageId.Length == 0,
                "parent_message_id", $"must be empty beside {field}");
        }
    }

    private static void CheckContent(StreamChatRequest request, Violations rules)
    {
        rules.RequireText("edit_message_id", request.EditMessageId, MaxNameScalars);
        rules.RequireText("message", request.Message, MaxTextScalars);
        rules.Require(request.Parts.Count <= MaxParts, "parts", $"must be at most {MaxParts}");
        for (var i = 0; i < request.Parts.Count && i < MaxParts; i++)
        {
            CheckPart($"parts[{i}]", request.Parts[i], rules);
        }

        rules.RequireText("instructions", request.Instructions, MaxTextScalars);
        rules.Require(
            request.Context is null || request.Context.CalculateSize() <= MaxContextBytes,
            "context", $"must be at most {MaxContextBytes} bytes");
    }

    private static void CheckPart(string field, Part part, Violations rules)
    {
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Text:
                rules.Require(!string.IsNullOrWhiteSpace(part.Text), $"{field}.text", "must not be empty");
                rules.RequireText($"{field}.text", part.Text, MaxTextScalars);
                break;
            case Part.ContentOneofCase.Image:
                ImageRules.Check($"{field}.image", part.Image, rules);
                break;
            default:
                rules.Add($"{field}.content", "text or image is required");
                break;
        }
    }

    private static void CheckPlace(StreamChatRequest request, Violations rules)
    {
        rules.Require(
            request.SessionId.Length == 0 || SessionName.IsOne(request.SessionId), "session_id", SessionName.Rule);
        rules.Require(
            request.ClientRequestId.Length == 0 || RequestId().IsMatch(request.ClientRequestId),
            "client_request_id", "must be 1 to 128 of the characters A-Z a-z 0-9 . _ : -");
        rules.RequireText("parent_message_id", request.ParentMessageId, MaxNameScalars);
        rules.RequireText("model", request.Model, MaxNameScalars);
        rules.RequireText("agent", request.Agent, MaxNameScalars);
        rules.RequireText("user_id", request.UserId, MaxNameScalars);
        rules.Require(
            request.ContextLimit is >= 0 and <= MaxContextMessages,
            "context_limit", $"must be 0 to {MaxContextMessages}");
    }

    private static void CheckSampling(StreamChatRequest request, Violations rules)
    {
        rules.Require(
            !request.HasTemperature || request.Temperature is >= 0 and <= 2, "temperature", "must be 0 to 2");
        rules.Require(!request.HasTopP || request.TopP is > 0 and <= 1, "top_p", "must be above 0 and at most 1");
        rules.Require(
            !request.HasMaxOutputTokens || request.MaxOutputTokens is >= 1 and <= int.MaxValue,
            "max_output_tokens", $"must be 1 to {int.MaxValue}");
        rules.Require(request.Stop.Count <= MaxStops, "stop", $"must be at most {MaxStops}");
        for (var i = 0; i < request.Stop.Count && i < MaxStops; i++)
        {
            rules.Require(request.Stop[i].Length > 0, $"stop[{i}]", "must not be empty");
            rules.RequireText($"stop[{i}]", request.Stop[i], MaxStopScalars);
        }
    }

    private static void CheckLabels(MapField<string, string> labels, Violations rules)
    {
        rules.Require(labels.Count <= MaxLabels, "metadata", $"must be at most {MaxLabels}");
        foreach (var (key, value) in labels.Take(MaxLabels))
        {
            rules.Require(key.Length > 0, "metadata", "must not have an empty key");
            rules.RequireText("metadata", key, MaxLabelKeyScalars);
            rules.RequireText("metadata", value, MaxLabelValueScalars);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z")]
    private static partial Regex RequestId();
}
