using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Resilience;

public sealed class AttemptingTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly SpokenModel _model = new();

    [Fact]
    public async Task StreamAsync_Asked_TheAttemptIsToldBeforeTheProviderIsCalled()
    {
        await using var said = Ask();

        Assert.True(await said.MoveNextAsync());

        Assert.Equal("alias", said.Current.AttemptDetail.Model.Alias);
        Assert.Null(_model.Request);
    }

    [Theory]
    [InlineData("finished", StreamState.Completed, "")]
    [InlineData("failed", StreamState.Failed, "PROVIDER_UNREACHABLE")]
    [InlineData("cut", StreamState.Failed, "PROVIDER_STREAM_CUT")]
    public async Task StreamAsync_Ended_TheAttemptKnowsHow(string ending, StreamState outcome, string reason)
    {
        await using var said = Ask();
        Assert.True(await said.MoveNextAsync());
        var attempt = said.Current.AttemptDetail;
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _model.Say(ModelEvent.Answer("Hello"));
        Assert.True(await said.MoveNextAsync());
        _time.Advance(TimeSpan.FromMilliseconds(7));
        switch (ending)
        {
            case "finished":
                _model.Say(ModelEvent.Finished(FinishReason.Stop, "stop"));
                break;
            case "failed":
                _model.Say(ModelEvent.Failed(new ProviderFailures("spoken", "m").Network("Gone.")));
                break;
        }

        _model.Say(ModelEvent.Answer("beyond the end"));
        _model.End();
        List<ModelEvent> rest = [];
        while (await said.MoveNextAsync())
        {
            rest.Add(said.Current);
        }

        if (ending == "cut")
        {
            rest.RemoveAt(0);
        }

        var last = Assert.Single(rest);
        Assert.Equal(ending == "finished" ? ModelEventKind.Finished : ModelEventKind.Failed, last.Kind);
        var told = attempt.Describe(StreamState.Cancelled, "of the turn", usage: null);
        Assert.Equal((outcome, reason, 5, 12), (told.Outcome, told.Reason, told.FirstTokenMs, told.DurationMs));
    }

    [Fact]
    public async Task StreamAsync_GivenUp_TheAttemptEndedAsTheTurn()
    {
        var said = Ask();
        Assert.True(await said.MoveNextAsync());
        var attempt = said.Current.AttemptDetail;
        await said.DisposeAsync();

        var told = attempt.Describe(StreamState.Cancelled, "of the turn", usage: null);

        Assert.Equal((StreamState.Cancelled, "of the turn", false), (told.Outcome, told.Reason, told.HasFirstTokenMs));
    }

    private IAsyncEnumerator<ModelEvent> Ask() =>
        new Attempting(_model, new ModelEntry("alias", "some-model", _model), _time)
            .StreamAsync(Requests.Saying("Hi"), CancellationToken.None).GetAsyncEnumerator();
}
