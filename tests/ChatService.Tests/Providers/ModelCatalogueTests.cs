using ChatGrpc.Providers;
using ChatGrpc.Providers.Demo;
using ChatGrpc.Tests.Providers.Resilience;

namespace ChatGrpc.Tests.Providers;

public sealed class ModelCatalogueTests : IDisposable
{
    private readonly ModelCatalogue _catalogue = new(
        [
            new ModelEntry("open", "m-1", new DemoProvider(TimeProvider.System)) { AnyModel = true },
            new ModelEntry("closed", "m-2", new DemoProvider(TimeProvider.System)),
        ],
        new DefaultModel("closed", "it is said"),
        Pipelines.Plain(TimeProvider.System));

    public void Dispose() => _catalogue.Dispose();

    [Theory]
    [InlineData("", "closed", "m-2")]
    [InlineData("open", "open", "m-1")]
    [InlineData("open/other", "open/other", "other")]
    [InlineData("open/vendor/other:free", "open/vendor/other:free", "vendor/other:free")]
    public void Find_WhatIsOffered_AliasAndModel(string named, string alias, string model)
    {
        var found = _catalogue.Find(named)!;

        Assert.Equal((alias, model), (found.Alias, found.Model));
    }

    [Theory]
    [InlineData("Open")]
    [InlineData("open/")]
    [InlineData("/other")]
    [InlineData("closed/other")]
    [InlineData("absent/other")]
    public void Find_WhatIsNotOffered_Null(string named) => Assert.Null(_catalogue.Find(named));

    [Fact]
    public void Find_AnyOfThem_HasItsChain()
    {
        Assert.All(_catalogue.Aliases, alias => Assert.NotNull(_catalogue.Find(alias)!.Chain));
        Assert.NotNull(_catalogue.Find("open/other")!.Chain);
        Assert.Throws<InvalidOperationException>(() => _catalogue.Entries[0].Chain);
    }
}
