using ChatGrpc.Providers.Anthropic;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Anthropic;

public sealed class AnthropicModelListTests
{
    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"id":"a","display_name":"A"},null,{}]}""", "a")]
    [InlineData("""{"data":[{"id":"a","capabilities":null,"max_input_tokens":null}]}""", "a")]
    [InlineData(
        """{"data":[{"id":"a","max_input_tokens":200000,"capabilities":{"image_input":{"supported":true}}}]}""",
        "a +images 200000")]
    [InlineData("""{"data":[{"id":"a","capabilities":{"thinking":{"supported":false},"image_input":{}}}]}""",
        "a -reasoning")]
    public void Read_Models_WhatIsSaidOfThem(string json, params string[] expected) =>
        Assert.Equal(expected, ListedLines.Read(json, root => AnthropicModelList.Read(root)?.Models));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":null}""")]
    public void Read_NoList_Null(string json) =>
        Assert.Null(ListedLines.Read(json, root => AnthropicModelList.Read(root)?.Models));

    [Fact]
    public async Task ListAsync_SeveralPages_EachAfterTheLastIdOfTheOneBefore()
    {
        await using var standIn = await ProviderStandIn.StartAnthropicAsync();
        using var provider = At(standIn);
        var listed = provider.ListAsync(TestContext.Current.CancellationToken);

        var first = await standIn.NextListingAsync();
        await first.RespondAsync(200, ModelLists.Anthropic(hasMore: true, "a", "b&c"));
        var second = await standIn.NextListingAsync();
        await second.RespondAsync(200, ModelLists.Anthropic(hasMore: false, "d"));

        Assert.Equal(["a", "b&c", "d"], (await listed.InTime()).Models.Select(ListedLines.Line));
        Assert.Equal(("/v1/models", "1000"), (first.Path, first.Query["limit"].ToString()));
        Assert.False(first.Query.ContainsKey("after_id"));
        Assert.Equal("b&c", second.Query["after_id"].ToString());
        Assert.Equal("key", first.Headers["x-api-key"]);
        Assert.Equal("2023-06-01", first.Headers["anthropic-version"]);
    }

    [Fact]
    public async Task ListAsync_SecondPageFails_NoHalfOfAList()
    {
        await using var standIn = await ProviderStandIn.StartAnthropicAsync();
        using var provider = At(standIn);
        var listed = provider.ListAsync(TestContext.Current.CancellationToken);
        await (await standIn.NextListingAsync()).RespondAsync(200, ModelLists.Anthropic(hasMore: true, "a"));
        await (await standIn.NextListingAsync()).RespondAsync(500, "{}");

        var list = await listed.InTime();

        Assert.Empty(list.Models);
        Assert.Equal("PROVIDER_ERROR", list.Failure?.Reason);
    }

    [Fact]
    public async Task ListAsync_PagesWithoutEnd_GivenUp()
    {
        await using var standIn = await ProviderStandIn.StartAnthropicAsync();
        standIn.Offer(ModelLists.Anthropic(hasMore: true, "again"));
        using var provider = At(standIn);

        var list = await provider.ListAsync(TestContext.Current.CancellationToken).InTime();

        Assert.Equal(10, list.Models.Count);
    }

    private static AnthropicProvider At(ProviderStandIn standIn) =>
        new(new AnthropicOptions { BaseUrl = standIn.BaseUrl, ApiKey = "key" }, new ManualTimeProvider());
}
