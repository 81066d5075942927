using System.Text;
using ChatGrpc.Providers.Anthropic;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicUsageTests
{
    [Theory]
    [InlineData("""{"input_tokens":9,"output_tokens":1}""", """{"output_tokens":12}""", "9 12 0 0")]
    [InlineData("""{"input_tokens":9,"cache_creation_input_tokens":20,"cache_read_input_tokens":300}""",
        """{"output_tokens":12}""", "329 12 300 0")]
    [InlineData("""{"input_tokens":9}""",
        """{"input_tokens":50,"cache_read_input_tokens":4,"output_tokens":12,"server_tool_use":{"x":1}}""",
        "54 12 4 0")]
    [InlineData("""{"input_tokens":9,"cache_read_input_tokens":4}""",
        """{"input_tokens":0,"cache_read_input_tokens":null,"output_tokens":12}""", "13 12 4 0")]
    [InlineData("""{"input_tokens":9}""",
        """{"output_tokens":12,"output_tokens_details":{"other":[1],"thinking_tokens":5}}""", "9 12 0 5")]
    [InlineData("""{"input_tokens":-9}""", """{"output_tokens":"12","output_tokens_details":null}""", "0 0 0 0")]
    [InlineData("null", """{"output_tokens":12}""", "0 12 0 0")]
    [InlineData("""{"input_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807}""", "{}",
        "2305843009213693952 0 1152921504606846976 0")]
    public void Read_StartAndEnd_WholePromptAndWholeAnswer(string start, string end, string expected) => Assert.Equal(
        [$"usage {expected} Measured"],
        Read($$$"""{"type":"message_start","message":{"content":[],"usage":{{{start}}}}}""",
            $$$"""{"type":"message_delta","delta":{},"usage":{{{end}}}}"""));

    [Fact]
    public void Read_EndTwice_TotalsSoFar() => Assert.Equal(
        ["usage 0 5 0 0 Measured", "usage 0 12 0 0 Measured"],
        Read("""{"type":"message_delta","usage":{"output_tokens":5}}""",
            """{"usage":{"output_tokens":12},"type":"message_delta"}"""));

    [Theory]
    [InlineData("""{"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}""")]
    [InlineData("""{"type":"message_start","message":null}""")]
    [InlineData("""{"type":"message_delta","usage":null}""")]
    [InlineData("""{"type":"message_delta","delta":{}}""")]
    public void Read_NoCountOfTheAnswer_NoUsage(string chunk) => Assert.Empty(Read(chunk));

    private static List<string> Read(params string[] chunks)
    {
        var reader = new AnthropicChunkReader(AnthropicBodies.Errors);
        foreach (var chunk in chunks)
        {
            Assert.False(reader.Read("", Encoding.UTF8.GetBytes(chunk)));
        }

        return [.. reader.Events.Select(Transcript.Line)];
    }
}
