using ChatGrpc.Providers.OpenAI;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.OpenAI;

public sealed class OpenAIModelListTests
{
    [Fact]
    public void Read_OpenAI_NamesAndNothingMore() =>
        Assert.Equal(["gpt-b", "gpt-a"], Read(ModelLists.OpenAI("gpt-b", "gpt-a")));

    [Fact]
    public void Read_Vllm_TheLongestConversationToo() =>
        Assert.Equal(["qwen 32768"], Read(ModelLists.Vllm("qwen", 32768)));

    [Fact]
    public void Read_OpenRouter_WhatEachModelCanDo() => Assert.Equal(
        ["a/sees +images +reasoning +tools 200000", "b/plain -images -reasoning -tools 4096"],
        Read(ModelLists.OpenRouter(
            ("a/sees", 200000, ["text", "image"], ["tools", "reasoning"]),
            ("b/plain", 4096, ["text"], ["temperature"]))));

    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""[{"id":"bare"}]""", "bare")]
    [InlineData("""{"data":[null,1,"x",{},{"id":""},{"id":7},{"id":"good"}]}""", "good")]
    [InlineData("""{"data":[{"id":"odd","context_length":"9","architecture":[],"supported_parameters":{}}]}""", "odd")]
    [InlineData("""{"data":[{"id":"odd","context_length":null,"max_model_len":0,"architecture":null}]}""", "odd")]
    [InlineData("""{"data":[{"id":"odd","context_length":-1,"supported_parameters":[1]}]}""",
        "odd -reasoning -tools")]
    public void Read_MoreOrLessThanUsual_WhatThereIs(string json, params string[] expected) =>
        Assert.Equal(expected, Read(json));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"models":[]}""")]
    public void Read_NoList_Null(string json) => Assert.Null(Read(json));

    private static IReadOnlyList<string>? Read(string json) => ListedLines.Read(json, OpenAIModelList.Read);
}
