using Chat.V1;
using ChatGrpc.Client;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Streams;

namespace ChatClient.Tests.Streams;

public sealed class ContinueOfferTests
{
    [Fact]
    public async Task Take_OfAnAnswerThatWasABranch_AsksForItsRestAndNothingElse()
    {
        var asked = new StreamChatRequest
        {
            Message = "As it reads now",
            Parts = { new Part { Text = "attached" } },
            EditMessageId = "edited",
            RegenerateMessageId = "regenerated",
            Model = "demo",
            SessionId = "s",
            ClientRequestId = "request",
        };
        var terminal = new Terminal
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            OutIsTerminal = true,
            ErrorIsTerminal = true,
        };
        var offer = new ContinueOffer(new StringReader("\n"), terminal, new Interrupts());

        var request = await offer.TakeAsync(
            asked, new Outcome(0, "s", "stream", "One "), TestContext.Current.CancellationToken);

        Assert.Equal(new StreamChatRequest { ContinueFrom = "stream", Model = "demo", SessionId = "s" }, request);
    }
}
