using ChatGrpc.Hosting;
using ChatGrpc.Model;
using Microsoft.Extensions.Configuration;

namespace ChatGrpc.Tests.Hosting;

public sealed class ChatSettingsTests
{
    [Fact]
    public void Load_Nothing_HasTheDefaults()
    {
        var settings = Load();

        Assert.Equal(TimeSpan.FromSeconds(60), settings.Turns.FirstToken);
        Assert.Equal(256 * 1024, settings.Turns.TailBytes);
    }

    [Fact]
    public void Load_KnownKeysInAnyCase_Sets()
    {
        var settings = Load(("chat:turns:stall", "00:00:05"), ("Chat:Storage:Path", "/srv/chat"));

        Assert.Equal(TimeSpan.FromSeconds(5), settings.Turns.Stall);
        Assert.Equal("/srv/chat", settings.Storage.Path);
    }

    [Theory]
    [InlineData("Chat:Storrage:Path", "x", "Chat:Storrage is no setting of this service. Did you mean Chat:Storage?")]
    [InlineData("Chat:Turns:Totl", "x", "Did you mean Chat:Turns:Total?")]
    [InlineData(
        "Chat:Banana", "x",
        "Chat knows DefaultModel, Models, Storage, Turns, Resilience, Tools, Keys, AllowAnonymous, Hosts, Origins.")]
    [InlineData("Chat:Models:fast:Modle", "x", "Did you mean Chat:Models:fast:Model?")]
    [InlineData("Chat:Models:fast", "x", "Chat:Models:fast is a group of settings and takes no value")]
    [InlineData("Chat:Models", "x", "Chat:Models is a group of settings and takes no value")]
    [InlineData("Chat:Storage", "/srv/chat", "Chat:Storage is a group of settings and takes no value")]
    [InlineData("Chat:Keys:a:Hsh", "x", "Did you mean Chat:Keys:a:Hash?")]
    [InlineData("Chat:Keys:a", "x", "Chat:Keys:a is a group of settings and takes no value")]
    [InlineData("Chat:AllowAnonymous", "perhaps", "Chat:AllowAnonymous")]
    [InlineData("Chat:AllowAnonymous:x", "true", "Chat:AllowAnonymous is a setting of one value")]
    [InlineData("Chat:Origins", "https://x", "Chat:Origins is a list: give its items by number, as in Chat:Origins:0.")]
    [InlineData("Chat:Origins:0", "https://x/", "Chat:Origins:0 is https://x/; it must be an origin")]
    [InlineData("Chat:Hosts:0", "http://x", "Chat:Hosts:0 is http://x; it must be a host name")]
    [InlineData("Chat:Turns:TailBytes", "many", "Chat:Turns:TailBytes")]
    [InlineData("Chat:Turns:TailBytes", "1", "Chat:Turns:TailBytes is 1; it must be between")]
    [InlineData("Chat:Resilience:Retries", "11", "Chat:Resilience:Retries is 11; it must be between 0 and 10.")]
    [InlineData("Chat:Resilience:BaseDelay", "00:00:00", "Chat:Resilience:BaseDelay is 00:00:00; it must be between")]
    [InlineData("Chat:Resilience:MaxDelay", "01:00:00", "Chat:Resilience:MaxDelay is 01:00:00; it must be between")]
    [InlineData("Chat:Resilience:CircuitCalls", "1", "Chat:Resilience:CircuitCalls is 1; it must be between 2 and")]
    [InlineData("Chat:Resilience:CircuitBreak", "02:00:00", "Chat:Resilience:CircuitBreak is 02:00:00; it must be")]
    [InlineData("Chat:Resilience:Apology", " ", "Chat:Resilience:Apology is empty")]
    [InlineData("Chat:Models:fast:Fallbacks", "demo", "Chat:Models:fast:Fallbacks is a list: give its items by number")]
    [InlineData("Chat:Tools:Deadline", "00:00:00", "Chat:Tools:Deadline is 00:00:00; it must be between")]
    [InlineData("Chat:Tools:Http:Enabled", "true", "Chat:Tools:Http:Enabled needs Chat:Tools:Http:Hosts:0")]
    [InlineData("Chat:Tools:Http:Hosts:0", "https://x", "Chat:Tools:Http:Hosts:0 is https://x; it must be a host")]
    [InlineData("Chat:Tools:MaxRounds", "0", "Chat:Tools:MaxRounds is 0; it must be between 1 and 100.")]
    [InlineData("Chat:Tools:MaxResultBytes", "1", "Chat:Tools:MaxResultBytes is 1; it must be between 256 and")]
    public void Load_WrongKeyOrValue_NamesIt(string key, string value, string words)
    {
        var failure = Assert.Throws<StartupException>(() => Load((key, value)));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    private static ChatSettings Load(params (string Key, string Value)[] values) => ChatSettings.Load(
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.ToDictionary(pair => pair.Key, string? (pair) => pair.Value))
            .Build());
}
