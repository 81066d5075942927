using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Ollama;
using Google.Protobuf;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaRequestWriterTests
{
    [Fact]
    public void Write_TextAlone_NothingThatWasNotAsked() => Assert.Equal(
        """{"model":"some-model","messages":[{"role":"user","content":"Hi"}],"stream":true,"options":{}}""",
        Written(Requests.Saying("Hi")));

    [Fact]
    public void Write_Conversation_RolesInOrderAndSettings() => Assert.Equal(
        """{"model":"some-model","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},"""
        + """{"role":"assistant","content":"你好"},{"role":"user","content":"a\n\nb"}],"stream":true,"""
        + "\"options\":{\"temperature\":0.5,\"top_p\":0.25,\"num_predict\":7,\"stop\":[\"END\"],\"seed\":-1}}",
        Written(Requests.Saying("") with
        {
            Instructions = "Be brief.",
            Messages = [Requests.User("Hi"), Requests.Assistant("你好"), Requests.User("a", "b")],
            Temperature = 0.5,
            TopP = 0.25,
            MaxOutputTokens = 7,
            Stop = ["END"],
            Seed = -1,
        }));

    [Fact]
    public void Write_Picture_Base64BesideTheText()
    {
        var image = new Part { Image = new Image { MediaType = "image/png", Data = ByteString.CopyFrom(1, 2, 3, 4) } };
        var request = Requests.Saying("") with
        {
            Messages = [new ModelMessage(ModelRole.User, [new Part { Text = "See" }, image])],
        };

        Assert.Contains(
            """{"role":"user","content":"See","images":["AQIDBA=="]}""", Written(request), StringComparison.Ordinal);
    }

    private static string Written(ModelRequest request) => Requests.Written(OllamaRequestWriter.Write(request));
}
