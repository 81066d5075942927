using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;

namespace ChatGrpc.Tests.Providers.Resilience;

public sealed class CarryingOnTests
{
    [Theory]
    [InlineData(true, "User: Hi|Assistant: Well, ")]
    [InlineData(false, "User: Hi|Assistant: Well, |User: Your answer was cut off there")]
    public void StreamAsync_Begun_WrittenAsTheModelsUnderstandIt(bool carriesOn, string conversation)
    {
        var asked = Ask(carriesOn, Requests.Saying("Hi") with { Begun = "Well, " });

        Assert.StartsWith(conversation, Conversation(asked), StringComparison.Ordinal);
        Assert.Equal("", asked.Begun);
    }

    [Fact]
    public void StreamAsync_NothingBegun_AsItCame()
    {
        var request = Requests.Saying("Hi");

        Assert.Same(request, Ask(carriesOn: false, request));
    }

    private static ModelRequest Ask(bool carriesOn, ModelRequest request)
    {
        var model = new SpokenModel { CarriesOn = carriesOn };
        _ = new CarryingOn(model).StreamAsync(request, CancellationToken.None);
        return model.Request!;
    }

    private static string Conversation(ModelRequest request) => string.Join('|', request.Messages.Select(
        message => $"{message.Role}: {string.Concat(message.Parts.Select(part => part.Text))}"));
}
