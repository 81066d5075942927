using System.Security.Cryptography;
using System.Text;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;

namespace ChatClient.Tests;

public sealed class ServiceKeyTests
{
    private const string Key = "chat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("http://localhost:5080", false)]
    [InlineData("http://chat.localhost", false)]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData("http://[::1]:5080", false)]
    [InlineData("https://chat.example", false)]
    [InlineData("http://chat.example", true)]
    public void Key_GoesReadableToThisMachineAlone_UnlessAllowed(string server, bool allowed) =>
        Assert.Null(ServiceKey.Refusal(Key, new Uri(server), allowed));

    [Theory]
    [InlineData("http://chat.example:5080")]
    [InlineData("http://localhost.example")]
    [InlineData("http://10.0.0.7")]
    public void Key_InCleartextToAnotherMachine_IsNotSent(string server)
    {
        var refusal = ServiceKey.Refusal(Key, new Uri(server), cleartextAllowed: false);

        Assert.Contains(ServiceKey.CleartextOption, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refusal, StringComparison.Ordinal);
        Assert.Null(ServiceKey.Refusal("", new Uri(server), cleartextAllowed: false));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\n")]
    [InlineData("schlüssel")]
    public void Key_ThatNoHeaderTakes_IsRefusedWithoutShowingIt(string key)
    {
        var refusal = ServiceKey.Refusal(key, new Uri("http://localhost"), cleartextAllowed: false);

        Assert.Contains(ServiceKey.Variable, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(key, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_WithKeys_TakesTheKeyAndOtherwiseSaysWhatToSet()
    {
        using var data = new TemporaryFolder();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key)));
        await using var service = await ServiceProcess.StartAsync(data.Path, [$"Chat:Keys:me:Hash=sha256:{hash}"]);

        using var option = new ChatProgram();
        Assert.Equal(ExitCodes.Ok, await option.RunAsync(service.Address, "--api-key", Key, "/demo tokens=2 rate=max"));
        Assert.Equal("alpha bravo \n", option.Output);

        using var variable = new ChatProgram { ApiKey = Key };
        Assert.Equal(ExitCodes.Ok, await variable.RunAsync(service.Address, "models"));

        using var none = new ChatProgram();
        Assert.Equal(16, await none.RunAsync(service.Address, "Hello"));
        Assert.Contains("wants a key", none.Error, StringComparison.Ordinal);
        Assert.Contains("Set $CHAT_API_KEY or --api-key", none.Error, StringComparison.Ordinal);

        using var wrong = new ChatProgram { ApiKey = Key.Replace('A', 'B') };
        Assert.Equal(16, await wrong.RunAsync(service.Address, "models"));
        Assert.Contains("unknown or revoked", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Option_ForAnotherMachineInCleartext_IsMisuse()
    {
        using var chat = new ChatProgram { ApiKey = Key };

        Assert.Equal(ExitCodes.Usage, await chat.RunAsync(new Uri("http://chat.example"), "Hello"));
        Assert.Contains("would travel readable to http://chat.example", chat.Error, StringComparison.Ordinal);
    }
}
