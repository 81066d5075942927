using ChatGrpc.Providers;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Providers.Resilience;

namespace ChatGrpc.Tests.Providers;

/// <summary>What the order of the layers is for.</summary>
public sealed class ModelPipelineTests
{
    [Fact]
    public async Task Around_AnswerInWordsThatGoesOnInCode_CallsNothing()
    {
        var model = SaidBefore.InPieces("<tool_call name=\"time\"/>\n```");
        var chain = Pipelines.Plain(new ManualTimeProvider()).Around(
            new ModelEntry("a", "m", model) { Tools = ToolWay.Xml, Schemas = SchemaWay.Instructed });

        var said = await Transcript.ReadAsync(chain.StreamAsync(
            Requests.Saying("How?") with { Begun = "So:\n```\n", Tools = [new ModelTool("time", "", "{}")] },
            CancellationToken.None));

        Assert.DoesNotContain(said, one => one.Kind == ModelEventKind.ToolCall);
        Assert.Equal("finished Stop stop", Transcript.Line(said[^1]));

        // The model, which does not go on by itself, was told to.
        Assert.Equal("So:\n```\n", Assert.Single(model.Asked!.Messages[^2].Parts).Text);
        Assert.Equal(ModelRole.User, model.Asked.Messages[^1].Role);
    }
}
