using System.Reflection;
using ChatGrpc.Hosting;
using ChatGrpc.Model;
using ChatGrpc.Security;

namespace ChatGrpc.Tests.Hosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("--urls=http://localhost:1", "--help")]
    public void Help_PrintsTheUsageAndStartsNothing(params string[] arguments)
    {
        var (ran, output) = Run(arguments);

        Assert.True(ran);
        Assert.Equal(Usage.Text, output);
    }

    [Fact]
    public void Help_NamesEverySettingOfChat()
    {
        foreach (var setting in typeof(ChatSettings).GetProperties().Where(property => property.CanWrite)
            .Where(property => property.Name is not nameof(ChatSettings.Storage)))
        {
            Assert.Contains($"Chat:{setting.Name}", Usage.Text, StringComparison.Ordinal);
        }

        foreach (var limit in typeof(ChatGrpc.Turns.TurnOptions).GetProperties(
            BindingFlags.Public | BindingFlags.Instance))
        {
            Assert.Contains(limit.Name, Usage.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Version_IsPrinted()
    {
        var (ran, output) = Run("--version");

        Assert.True(ran);
        Assert.Matches(@"^ChatGrpc \d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData]
    [InlineData("--urls", "http://localhost:1")]
    [InlineData("--URLS=http://localhost:1", "/urls", "http://localhost:1", "urls=http://localhost:1")]
    [InlineData("--Chat:Storage:Path=/x", "--chat:turns:stall", "00:00:01", "--Logging:LogLevel:Default=Debug")]
    [InlineData("--OPENAI_BASE_URL=http://x", "--OLLAMA_MODEL", "m", "--DEFAULT_LLM_PROVIDER=ollama")]
    [InlineData("--environment=Development", "--contentRoot=/x", "--Kestrel:Endpoints:A:Url=http://x")]
    public void Settings_StartTheService(params string[] arguments)
    {
        var (ran, output) = Run(arguments);

        Assert.False(ran);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("--prot is no setting", "--prot", "5080")]
    [InlineData("hello is no setting", "hello")]
    [InlineData("hello is no setting", "--urls=http://localhost:1", "hello")]
    [InlineData("-x is no setting", "-x")]
    [InlineData("Did you mean --urls?", "--url=http://localhost:1")]
    [InlineData("Did you mean --help?", "--hlep")]
    [InlineData("Did you mean --Chat:Storage:Path?", "--Chat.Storage.Path=/x")]
    [InlineData("--urls is without a value", "--urls")]
    [InlineData("--urls is without a value", "--urls", "--Chat:AllowAnonymous=true")]
    [InlineData("urls is without a value", "urls")]
    [InlineData("Make a key with: keys new NAME", "keys")]
    [InlineData("Make a key with: keys new NAME", "keys", "new", "a", "b")]
    [InlineData("NAME takes 1 to 64", "keys", "new", "a b")]
    [InlineData("TENANT takes 1 to 64", "keys", "new", "a", "--tenant=")]
    public void AnythingElse_IsRefusedInALine(string words, params string[] arguments)
    {
        var failure = Assert.Throws<StartupException>(() => Run(arguments));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("alice", "new", "alice")]
    [InlineData("acme", "new", "alice", "--tenant", "acme")]
    [InlineData("acme", "new", "alice", "--tenant=acme")]
    public void KeysNew_PrintsAKeyAndTheSettingsThatLetItIn(string tenant, params string[] arguments)
    {
        var (ran, output) = Run(["keys", .. arguments]);

        Assert.True(ran);
        var words = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var key = Assert.Single(words, word => word.StartsWith("chat_", StringComparison.Ordinal));
        var settings = words.Where(word => word.StartsWith("--", StringComparison.Ordinal))
            .Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var ring = KeyRing.Of(new Dictionary<string, KeyOptions>
        {
            ["alice"] = new()
            {
                Hash = settings["--Chat:Keys:alice:Hash"],
                Tenant = settings.GetValueOrDefault("--Chat:Keys:alice:Tenant", ""),
            },
        });
        Assert.Equal(tenant, ring.Find(key)?.TenantId);
    }

    private static (bool Ran, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        return (CommandLine.TryRun(arguments, output), output.ToString());
    }
}
