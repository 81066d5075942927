using System.Text.RegularExpressions;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;

namespace Interop.Tests.BufCurl;

/// <summary>The README's own command lines, against the service as it starts without a setting.</summary>
public sealed partial class ReadmeTests
{
    // Protobuf's JSON leaves a duration of zero out.
    private const string Durations = """(?:,"$1":"\d+")?""";

    public static TheoryData<string> Examples =>
        [.. Example().Matches(File.ReadAllText(Repository.At("README.md"))).Select(match => match.Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task BufCurl_AsTheReadmeSays_PrintsWhatTheReadmeShows(string example)
    {
        using var data = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(data.Path);
        var parts = Example().Match(example);
        var command = parts.Groups["command"].Value.Replace(
            "localhost:5080", service.Address.Authority, StringComparison.Ordinal);

        await using var buf = BufProcess.Shell(command);
        var (exitCode, output, errors) = await buf.ToEndAsync();

        Assert.True(exitCode == 0, $"{command}\n{errors}");
        var shown = parts.Groups["output"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var printed = BufProcess.Values(output).Select(message => message.ToJsonString()).ToArray();
        Assert.Equal(shown.Length, printed.Length);
        foreach (var (line, message) in shown.Zip(printed))
        {
            Assert.Matches(Pattern(line), message);
        }
    }

    /// <summary>A line of the README, whose ids and durations are another day's; it may leave things out.</summary>
    private static string Pattern(string line)
    {
        var otherIds = Id().Replace(Regex.Escape(line), Id().ToString());
        var otherDurations = Duration().Replace(otherIds, Durations);
        return $"^{Omission().Replace(otherDurations, ".*")}$";
    }

    [GeneratedRegex("""(?<=```\n)\$ (?<command>npx buf curl (?:.*\\\n)*.*)\n(?<output>(?:(?!```).*\n)*)""")]
    private static partial Regex Example();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex(",\"(\\w+Ms)\":\"\\d+\"")]
    private static partial Regex Duration();

    // As Regex.Escape writes an omission.
    [GeneratedRegex(@"(?:,\\ )?\\\.\\\.\\\.(?:,\\ )?")]
    private static partial Regex Omission();
}
