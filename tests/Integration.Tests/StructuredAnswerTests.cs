using Chat.V1;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>Answers that have to be JSON of a form.</summary>
public sealed class StructuredAnswerTests
{
    private const string Schema =
        """
        {"type":"object","properties":{"city":{"type":"string"},"people":{"type":"integer"}},"required":["city"]}
        """;

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("ollama")]
    public async Task Send_Form_TheAnswerIsADocumentToo(string wire)
    {
        await using var deployment = await Deployment.StartWithAsync(wire);
        using var reading = Reading.Start(deployment.Client, Asking());
        var exchange = await deployment.StandIn.NextRequestAsync();
        Assert.Contains("people", $"{exchange.Body}", StringComparison.Ordinal);
        await exchange.AnswerAsync("""{"city":""", "\"Köln\"}");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Document Done ResponseSaved StreamEnd", reading.Shape);
        var document = reading.Events.Single(e => e.Document is not null).Document;
        Assert.Equal(("place", "application/json"), (document.Title, document.MediaType));
        Assert.Equal("""{"city":"Köln"}""", document.Text);
        Assert.Equal(document.Text, reading.Answer);
        var listed = await deployment.Sessions().ListMessagesAsync(
            new ListMessagesRequest { SessionId = reading.Session.SessionId });
        Assert.Equal(document, Assert.Single(listed.Messages[^1].Documents));
    }

    [Fact]
    public async Task Send_AnswerOfAnotherForm_IsWithdrawnAndAskedForOnceMore()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, Asking());
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync("""{"people":"many"}""");
        var second = await deployment.StandIn.NextRequestAsync();
        var told = $"{second.Body.GetProperty("messages").EnumerateArray().Last()}";
        Assert.Contains("city", told, StringComparison.Ordinal);
        Assert.Contains("people", told, StringComparison.Ordinal);
        await second.AnswerAsync("""{"city":"Bonn"}""");
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal(
            "SessionInfo Token Warning Retract Token Document Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal("""{"city":"Bonn"}""", reading.Answer);
        Assert.Equal("DOCUMENT_INVALID", reading.Events.Single(e => e.Warning is not null).Warning.Code);
        Assert.Equal(0, reading.Events.Single(e => e.Retract is not null).Retract.AfterSequence);
        Assert.Equal(2, reading.End.Attempts.Count);
    }

    [Theory]
    [InlineData("the answer is no JSON at all")]
    [InlineData("[]")]
    public async Task Send_AnotherFormTwice_FailsWithTheText(string text)
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, Asking());
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync(text);
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync(text);
        await reading.ToEndAsync();

        Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
        var error = reading.Events.Single(e => e.Error is not null).Error;
        Assert.Equal("DOCUMENT_INVALID", error.Reason);
        Assert.Equal(text, reading.Answer);

        // The answer is in the answer, and neither in a status nor in a log.
        Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no JSON at all", deployment.Process.Output, StringComparison.Ordinal);
        Assert.Equal(2, deployment.StandIn.Requests);
        Assert.DoesNotContain(reading.Events, e => e.Document is not null);
    }

    [Fact]
    public async Task Send_CutAtItsLength_IsNotAskedForAgain()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, Asking());
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("""{"city":"Kö""");
        await exchange.FinishAsync("length");
        await reading.ToEndAsync();

        Assert.Equal("DOCUMENT_INVALID", reading.Events.Single(e => e.Error is not null).Error.Reason);
        Assert.Equal(1, deployment.StandIn.Requests);
    }

    [Fact]
    public async Task Send_FormForAnAnswerThatIsCarriedOn_Refused()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var request = Asking();
        (request.Message, request.ContinueFrom) = ("", Guid.CreateVersion7().ToString());

        using var reading = Reading.Start(deployment.Client, request);
        await reading.ToEndAsync();

        Assert.Equal(StatusCode.InvalidArgument, reading.Failure?.StatusCode);
        Assert.Contains("response_format", reading.Failure!.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"type":"banana"}""")]
    [InlineData("""{"$ref":"https://example.org/schema.json"}""")]
    public async Task Send_BadSchema_RefusedAndNothingIsAsked(string schema)
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var request = Asking();
        request.ResponseFormat.JsonSchema = schema;

        using var reading = Reading.Start(deployment.Client, request);
        await reading.ToEndAsync();

        Assert.Equal(StatusCode.InvalidArgument, reading.Failure?.StatusCode);
        Assert.Contains("response_format.json_schema", reading.Failure!.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(0, deployment.StandIn.Requests);
    }

    private static StreamChatRequest Asking() => new()
    {
        Message = "Which city?",
        ResponseFormat = new ResponseFormat { JsonSchema = Schema, Name = "place" },
    };
}
