using Chat.V1;
using ChatGrpc.Client.Models;
using ChatGrpc.Client.Sessions;

namespace ChatClient.Tests;

/// <summary>What is told of saved messages, and of models.</summary>
public sealed class TranscriptTests
{
    [Fact]
    public void Content_OfAnAnswerWithToolsAndADocument_TellsThemAroundTheText()
    {
        var message = new Message
        {
            ToolCalls =
            {
                new ToolCall { Id = "1", Name = "read", ArgumentsJson = "{\"path\":\"x\"}" },
                new ToolCall { Id = "1", Name = "write", ArgumentsJson = "{}" },
                new ToolCall { Id = "2", Name = "ask", ArgumentsJson = "{}" },
            },
            ToolResults =
            {
                new ToolResult { Id = "1", Text = "text", DurationMs = 1_234 },
                new ToolResult { Id = "1", Json = "\"No.\"", IsError = true, DurationMs = 5 },
            },
            Parts = { new Part { Text = "Done." } },
            Documents = { new Document { Title = "Plan", MediaType = "text/plain", Text = "one" } },
        };

        Assert.Equal(
            [
                "[read path: x … 1.23 s]", "[write … failed after 5 ms: \"No.\"]", "[ask … not finished]", "Done.",
                "[Document “Plan” (text/plain, 3 bytes)]",
            ],
            Transcript.Content(message));
    }

    [Fact]
    public void Lines_OfAModelWithFallbacks_NameThem()
    {
        var model = new Chat.V1.Model
        {
            Alias = "first",
            Provider = "demo",
            ResolvedModel = "demo",
            NonStreaming = true,
            Fallbacks = { "second", "third" },
            Availability = ModelAvailability.Available,
        };

        Assert.Equal(
            "* first  demo  available, answers in one piece, falls back on second, third",
            Assert.Single(ModelTable.Lines(new ListModelsResponse { Models = { model } }, current: "first")));
    }
}
