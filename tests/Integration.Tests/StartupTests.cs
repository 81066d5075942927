using System.Net;
using System.Net.Sockets;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;

namespace Integration.Tests;

public sealed class StartupTests
{
    [Theory]
    [InlineData("--Chat:Storage:Pth=x", "Chat:Storage:Pth is no setting")]
    [InlineData("--Chat:Storage:Pth=", "Did you mean Chat:Storage:Path?")]
    [InlineData("--Chat:Turns:Stall=soon", "Chat:Turns:Stall")]
    [InlineData("--Chat:Turns:Stall=00:00:00", "Chat:Turns:Stall is 00:00:00; it must be between")]
    [InlineData("--Chat:DefaultModel=demoo", "Chat:DefaultModel names demoo")]
    [InlineData("--OPENAI_BASE_URL=localhost", "OPENAI_BASE_URL is no http or https URL")]
    [InlineData("--urls=http://localhost:50x", "http://localhost:50x is no address to listen on")]
    [InlineData("--urls=http://somewhere.example:5080", "choose localhost, an IP address or, for every address, *")]
    [InlineData("--urls=http://*:0", "can be reached from other machines and no key is configured")]
    [InlineData("--urls=http://0.0.0.0:0", "or set Chat:AllowAnonymous=true")]
    [InlineData("--urls=http://[::]:0", "make one with the command keys new NAME")]
    [InlineData("--prot=5080", "--prot is no setting")]
    [InlineData("--Chat:Keys:a:Hash=abc", "Chat:Keys:a:Hash is no hash of a key")]
    [InlineData("--Chat:Origins:0=*", "Chat:Origins:0 is *")]
    [InlineData("--urls=http://localhost:0", "localhost is two addresses")]
    [InlineData("--urls=http://127.0.0.1:99999", "is no address to listen on")]
    [InlineData("--urls=ftp://localhost:5084", "is no address to listen on")]
    [InlineData("--urls=http://localhost:5084/base", "is no address to listen on")]
    [InlineData("--urls=http://unix:/no/such/folder/x.sock", "there is no folder /no/such/folder")]
    [InlineData("--urls=http://[::ffff:127.0.0.1]:5084", "cannot be listened on")]
    [InlineData("--Kestrel:Endpoints:A:Url=", "The endpoint A is missing the required 'Url'")]
    [InlineData("--urls=nowhere", "an address looks like http://localhost:5080")]
    public async Task Start_BrokenConfiguration_EndsWithOneLineThatNamesTheSetting(string argument, string words)
    {
        using var data = new TemporaryFolder();

        var (exitCode, output) = await ServiceProcess.RunAsync(
            ["--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data.Path}", argument]);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(output.Split('\n'), line => !line.StartsWith("info: ", StringComparison.Ordinal));
        Assert.Contains(words, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://+:0")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData("Kestrel__Endpoints__A__Url", "http://*:0")]
    public async Task Start_AddressOfTheEnvironmentThatOthersReach_IsRefusedWithoutKeys(string variable, string value)
    {
        using var data = new TemporaryFolder();

        var (exitCode, output) = await ServiceProcess.RunAsync(
            [$"--Chat:Storage:Path={data.Path}"], new Dictionary<string, string> { [variable] = value });

        Assert.Equal(1, exitCode);
        Assert.Contains("can be reached from other machines", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_OnEveryAddress_IsForKeysOrTheFlag(bool keys)
    {
        // The address of the loopback interface among all is what the test sees.
        string[] settings =
        [
            "Kestrel:Endpoints:All:Url=http://0.0.0.0:0", "Kestrel:Endpoints:One:Url=http://127.0.0.1:0",
            keys ? new TestKey("k").Setting : "Chat:AllowAnonymous=true",
        ];

        await using var deployment = await Deployment.StartAsync(settings);

        Assert.Contains(
            keys ? "Every call needs a key" : "warn: ChatGrpc.Security.AccessAnnouncement", deployment.Process.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Help_PrintsItAndEnds()
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(["--help"]);

        Assert.Equal(0, exitCode);
        Assert.Contains("Chat:Storage:Path", output, StringComparison.Ordinal);
        Assert.DoesNotContain("listening", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnwritableFolder_NamesTheSetting()
    {
        // Not even root writes here.
        var (exitCode, output) = await ServiceProcess.RunAsync(
            ["--urls=http://127.0.0.1:0", "--Chat:Storage:Path=/proc/chatgrpc"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("Chat:Storage:Path", Assert.Single(output.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_NamesThePort()
    {
        using var data = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (exitCode, output) = await ServiceProcess.RunAsync(
            [$"--urls=http://{other.LocalEndpoint}", $"--Chat:Storage:Path={data.Path}"]);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(output.Split('\n'), line => !line.StartsWith("info: ", StringComparison.Ordinal));
        Assert.Contains($"{other.LocalEndpoint}", line, StringComparison.Ordinal);
        Assert.Contains("--urls", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SecondProcessOnTheSameData_IsRefused()
    {
        await using var deployment = await Deployment.StartAsync();

        var (exitCode, output) = await ServiceProcess.RunAsync(
            ["--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={deployment.DataFolder}"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("Another process uses the data", Assert.Single(output.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoSqlite_SaysWhatToInstall()
    {
        // The loader finds this one first, and it is none.
        using var data = new TemporaryFolder();
        await File.WriteAllBytesAsync(
            Path.Combine(data.Path, "libsqlite3.so.0"), [], TestContext.Current.CancellationToken);

        var (exitCode, output) = await ServiceProcess.RunAsync(
            ["--urls=http://127.0.0.1:0", $"--Chat:Storage:Path={data.Path}"],
            new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = data.Path });

        Assert.Equal(1, exitCode);
        Assert.Contains("install libsqlite3-0", Assert.Single(output.Split('\n')), StringComparison.Ordinal);
    }
}
