namespace Tidy.Tests.Machine;

public sealed class MachineTests
{
    // Put together here, so that this file is not its own finding.
    private const string Slash = "/";

    [Fact]
    public void NoPathsOfOneMachine_ThisRepository_Holds() =>
        Repository.Obeys(file => MachineRules.NoPathsOfOneMachine(Repository.Root, file));

    [Theory]
    [InlineData(Slash + "home/ada/chat")]
    [InlineData(Slash + "root/.nuget")]
    [InlineData(Slash + "Users/ada/chat")]
    [InlineData(Slash + "workspace/chat")]
    [InlineData("C:" + "\\Users\\ada")]
    [InlineData(Slash + "clones/ada/chatgrpc/test.sh")]
    public void NoPathsOfOneMachine_SuchAPath_IsFound(string path) =>
        Assert.Single(MachineRules.NoPathsOfOneMachine(
            $"{Slash}clones/ada/chatgrpc", new SourceFile("docs/a.md", $"Run it in `{path}`.\n")));

    [Theory]
    [InlineData("/usr/bin/python3")]
    [InlineData("/proc/chatgrpc")]
    [InlineData("https://example.org/home/page")]
    [InlineData("tests/home/page")]
    [InlineData("homework/")]
    public void NoPathsOfOneMachine_OrdinaryPath_IsNotFound(string path) =>
        Assert.Empty(MachineRules.NoPathsOfOneMachine(
            $"{Slash}clones/ada/chatgrpc", new SourceFile("docs/a.md", $"See {path}.\n")));

    [Fact]
    public void NoRegistryHosts_ThisRepository_Holds() => Repository.Obeys(MachineRules.NoRegistryHosts);

    [Theory]
    [InlineData("package-lock.json", "\"resolved\": \"https://registry.example.org/a.tgz\",", 1)]
    [InlineData("web/package-lock.json", "\"integrity\": \"sha512-abc\",", 0)]
    [InlineData(".npmrc", "registry=https://registry.example.org\n", 1)]
    [InlineData("nuget.config", "<add key=\"feed\" value=\"https://feed.example.org/v3/index.json\" />", 1)]
    [InlineData("docs/a.md", "\"resolved\": \"https://registry.example.org/a.tgz\"", 0)]
    public void NoRegistryHosts_OfAPackageManager_AreFound(string path, string text, int findings) =>
        Assert.Equal(findings, MachineRules.NoRegistryHosts(new SourceFile(path, text)).Count());
}
