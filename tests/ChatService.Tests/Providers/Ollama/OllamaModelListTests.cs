using ChatGrpc.Providers.Ollama;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Ollama;

public sealed class OllamaModelListTests
{
    [Fact]
    public void Read_NamesAlone_NothingIsSaidOfThem() =>
        Assert.Equal(["llama3.2:3b", "qwen3:0.6b"], Read(ModelLists.Ollama("llama3.2:3b", "qwen3:0.6b")));

    [Theory]
    [InlineData("""{"models":[]}""")]
    [InlineData("""{"models":[null,{},{"name":"a","details":null,"capabilities":null}]}""", "a")]
    [InlineData(
        """{"models":[{"name":"a","capabilities":["completion","vision"],"details":{"context_length":131072}}]}""",
        "a +images -reasoning -tools 131072")]
    [InlineData("""{"models":[{"name":"a","capabilities":["completion","tools","thinking"]}]}""",
        "a -images +reasoning +tools")]
    [InlineData("""{"models":[{"name":"embeds","capabilities":["embedding"]},{"name":"a"}]}""", "a")]
    public void Read_Models_ThoseThatChatAndWhatTheyCanDo(string json, params string[] expected) =>
        Assert.Equal(expected, Read(json));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"models":null}""")]
    [InlineData("""{"data":[]}""")]
    public void Read_NoList_Null(string json) => Assert.Null(Read(json));

    private static IReadOnlyList<string>? Read(string json) => ListedLines.Read(json, OllamaModelList.Read);
}
