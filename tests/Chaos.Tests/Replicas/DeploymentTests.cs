using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;

namespace Chaos.Tests.Replicas;

/// <summary>
/// What deploy/ says fits the service. No container engine runs here: what is run is the service, with what the files
/// tell it.
/// </summary>
public sealed class DeploymentTests
{
    private const int Port = 5080;

    // What a replica takes from preStop, and from a whole stop beyond its grace.
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Stopping = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Yaml_OfEachFile_Parses()
    {
        var files = Directory.GetFiles(Deployment.Folder, "*.yaml", SearchOption.AllDirectories);
        Assert.Equal(5, files.Length);
        foreach (var file in files)
        {
            Assert.Equal(JsonValueKind.Object, (await ReadAsync(file)).ValueKind);
        }
    }

    [Fact]
    public async Task Haproxy_OfItsOwnFile_AcceptsIt()
    {
        var variables = Balancer.Variables(Port, [1, 2, 3]);
        Assert.Equal("", await RunAsync("haproxy", variables, "-c", "-q", "-f", Deployment.PathOf("haproxy.cfg")));
    }

    [Fact]
    public async Task Compose_NamesWhatTheBalancerTakes()
    {
        var compose = await ReadAsync(Deployment.PathOf("compose.yaml"));
        var services = compose.GetProperty("services");
        var balancer = services.GetProperty("balancer").GetProperty("environment");
        Assert.Equal(
            Balancer.Variables(Port, [1, 2, 3]).Keys.Order(),
            balancer.EnumerateObject().Select(variable => variable.Name).Order());
        foreach (var replica in balancer.EnumerateObject().Where(variable => variable.Name != "CHAT_BIND"))
        {
            var name = replica.Value.GetString()!.Split(':')[0];
            Assert.Equal($"{name}:{Port}", replica.Value.GetString());
            var grace = Time(services.GetProperty(name).GetProperty("stop_grace_period").GetString()!);
            Assert.True(grace > GraceOf(Variables(services.GetProperty(name))) + Stopping);
        }
    }

    /// <summary>A setting under Chat that is misspelt or out of range would end the start.</summary>
    [Theory]
    [InlineData("compose.yaml")]
    [InlineData("kubernetes/deployment.yaml")]
    public async Task Settings_OfAReplica_AreTakenByTheService(string file)
    {
        var variables = await SettingsAsync(file);
        Assert.Equal($"http://0.0.0.0:{Port}", variables["ASPNETCORE_URLS"]);
        Assert.StartsWith("postgres://", variables["DATABASE_URL"], StringComparison.Ordinal);
        _ = variables.Remove("ASPNETCORE_URLS");
        _ = variables.Remove("DATABASE_URL");
        variables["Chat__Keys__alice__Hash"] = $"sha256:{new string('0', 64)}";
        using var data = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(data.Path, environment: variables);

        // The probe of the image and of compose.yaml.
        var port = service.Address.Port.ToString(CultureInfo.InvariantCulture);
        Assert.Equal("", await RunAsync(Deployment.PathOf("health.sh"), new Dictionary<string, string>(), port));
        Assert.Equal(0, await service.StopAsync());
        Assert.NotEqual("", await RunAsync(Deployment.PathOf("health.sh"), new Dictionary<string, string>(), port));

        variables["Chat__Turns__DrainGrace"] = "soon";
        var (exit, _) = await ServiceProcess.RunAsync(["--urls", "http://127.0.0.1:0"], variables);
        Assert.NotEqual(0, exit);
    }

    [Fact]
    public async Task Kubernetes_OfThePod_FitsTheService()
    {
        var pod = (await ReadAsync(Deployment.PathOf("kubernetes/deployment.yaml"))).GetProperty("spec")
            .GetProperty("template").GetProperty("spec");
        var container = pod.GetProperty("containers")[0];
        Assert.Equal(Port, container.GetProperty("ports")[0].GetProperty("containerPort").GetInt32());
        Assert.Equal(Port, container.GetProperty("readinessProbe").GetProperty("grpc").GetProperty("port").GetInt32());
        var grace = GraceOf(await SettingsAsync("kubernetes/deployment.yaml"));
        var all = TimeSpan.FromSeconds(pod.GetProperty("terminationGracePeriodSeconds").GetInt32());
        Assert.True(all >= Leaving + grace + Stopping);
        var preStop = container.GetProperty("lifecycle").GetProperty("preStop");
        var sleep = preStop.GetProperty("exec").GetProperty("command");
        Assert.Equal(Leaving, TimeSpan.FromSeconds(int.Parse(sleep[1].GetString()!, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Containerfile_CopiesWhatIsThere()
    {
        var lines = File.ReadAllLines(Deployment.PathOf("Containerfile"));
        Assert.Contains("COPY --chmod=755 deploy/health.sh /service/health.sh", lines);
        Assert.Contains(
            lines, line => line.StartsWith("RUN dotnet publish src/ChatService ", StringComparison.Ordinal));
        Assert.Contains($"EXPOSE {Port}", lines);
        Assert.True(Directory.Exists(Path.Combine(Deployment.Folder, "..", "src", "ChatService")));
    }

    // As the service is told them: those of the file, and those of the secret that the file names.
    private static async Task<Dictionary<string, string>> SettingsAsync(string file)
    {
        var all = await ReadAsync(Deployment.PathOf(file));
        if (all.TryGetProperty("services", out var services))
        {
            return Variables(services.GetProperty("chat-1"));
        }

        var secret = await ReadAsync(Deployment.PathOf("kubernetes/secret.example.yaml"));
        var pod = all.GetProperty("spec").GetProperty("template").GetProperty("spec");
        var container = pod.GetProperty("containers")[0];
        Assert.Equal(
            secret.GetProperty("metadata").GetProperty("name").GetString(),
            container.GetProperty("envFrom")[0].GetProperty("secretRef").GetProperty("name").GetString());
        var variables = Text(secret.GetProperty("stringData"));
        foreach (var variable in container.GetProperty("env").EnumerateArray())
        {
            variables[variable.GetProperty("name").GetString()!] = variable.GetProperty("value").GetString()!;
        }

        return variables;
    }

    private static Dictionary<string, string> Variables(JsonElement service) =>
        Text(service.GetProperty("environment"));

    // What has no value is passed on from outside, if it is there.
    private static Dictionary<string, string> Text(JsonElement variables) => variables.EnumerateObject()
        .Where(variable => variable.Value.ValueKind == JsonValueKind.String)
        .ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);

    private static TimeSpan GraceOf(Dictionary<string, string> variables) =>
        TimeSpan.Parse(variables["Chat__Turns__DrainGrace"], CultureInfo.InvariantCulture);

    private static TimeSpan Time(string seconds) =>
        TimeSpan.FromSeconds(int.Parse(seconds.TrimEnd('s'), CultureInfo.InvariantCulture));

    private static async Task<JsonElement> ReadAsync(string file)
    {
        const string Convert = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
        using var python = Process.Start(
            new ProcessStartInfo("python3", ["-c", Convert, file]) { RedirectStandardOutput = true })!;
        var json = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync().InTime();
        Assert.True(python.ExitCode == 0, file);
        return JsonDocument.Parse(json).RootElement;
    }

    // Empty: all is well.
    private static async Task<string> RunAsync(
        string program, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var trouble = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().InTime();
        return process.ExitCode == 0 ? "" : $"{program} ended with {process.ExitCode}: {trouble}";
    }
}
