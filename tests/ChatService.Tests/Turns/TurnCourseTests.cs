using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnCourseTests
{
    private static readonly ModelRequest First = new()
    {
        Model = "model",
        Messages = [new(ModelRole.User, [new Part { Text = "How warm is it?" }])],
        Begun = "In Bonn it is ",
    };

    [Fact]
    public void Request_AnswerThatIsCarriedOn_ItsBeginningIsAskedForOnceAndThenSaid()
    {
        var course = new TurnCourse(null!, First, new ToolBelt([], []), []);
        Assert.Equal(("In Bonn it is ", false), (course.Request.Begun, course.HasSpoken));

        _ = course.Put(Answer(1, text: "", new ToolCall { Id = "a", Name = "weigh", ArgumentsJson = "{}" }));
        _ = course.Put(Results(2, new ToolResult { Id = "a", Text = "17" }));

        Assert.Equal(("", true), (course.Request.Begun, course.HasSpoken));
        Assert.Equal(
            [ModelRole.User, ModelRole.Assistant, ModelRole.Tool],
            course.Request.Messages.Select(message => message.Role));
        Assert.Equal("In Bonn it is ", course.Request.Messages[1].Parts.Single().Text);
        Assert.Equal("17", course.Request.Messages[2].Results.Single().Text);
    }

    [Fact]
    public void Request_Corrected_TheCorrectionStandsWhereItWasMade()
    {
        var course = new TurnCourse(null!, First with { Begun = "" }, new ToolBelt([], []), []);
        course.Correct([new(ModelRole.Assistant, [new Part { Text = "wrong" }]), new(ModelRole.User, [])]);
        Assert.False(course.CanCorrect);

        _ = course.Put(Answer(1, "right", new ToolCall { Id = "a", Name = "weigh", ArgumentsJson = "no JSON" }));
        _ = course.Put(Results(2, new ToolResult { Id = "a", Text = "17" }));

        Assert.Equal(
            [ModelRole.User, ModelRole.Assistant, ModelRole.User, ModelRole.Assistant, ModelRole.Tool],
            course.Request.Messages.Select(message => message.Role));
        Assert.Equal("{}", course.Request.Messages[3].Calls.Single().ArgumentsJson);
    }

    [Fact]
    public void Fit_ResultsOfAllSteps_AnErrorWhenTheyAreTooMuch()
    {
        var course = new TurnCourse(null!, First, new ToolBelt([], []), []);
        var large = new ToolResult { Id = "a", Text = new string('x', 1_500_000) };
        _ = course.Put(Results(2, large));

        var next = new StreamChatResponse { ToolResult = new ToolResult { Id = "b", Text = new string('x', 600_000) } };

        Assert.True(course.Fit(next).ToolResult.IsError);
        Assert.Equal("b", course.Fit(next).ToolResult.Id);
        next.ToolResult.Text = "short";
        Assert.Same(next, course.Fit(next));
    }

    private static TurnStep Answer(int number, string text, ToolCall call) => new(
        number, StepKind.Model, StreamState.Completed,
        [
            .. text.Length > 0 ? [new() { Token = new Token { Text = text } }] : Array.Empty<StreamChatResponse>(),
            new() { ToolCall = call },
        ]);

    private static TurnStep Results(int number, ToolResult result) =>
        new(number, StepKind.Tools, StreamState.Completed, [new() { ToolResult = result }]);
}
