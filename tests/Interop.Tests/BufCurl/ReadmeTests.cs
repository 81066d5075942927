using System.Text.RegularExpressions;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;

namespace Interop.Tests.BufCurl;

/// <summary>The README's own command lines, against the service as it starts without a setting.</summary>
public sealed partial class ReadmeTests
{
    // Protobuf's JSON leaves a duration of zero out.
    private const string Durations = """(?:,"$1":"\d+")?""";

    /// <summary>Each command line and what is below it.</summary>
    public static TheoryData<string, string> Examples => new(
        from match in Example().Matches(File.ReadAllText(Repository.At("README.md")))
        select (match.Groups["command"].Value, match.Groups["output"].Value));

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task BufCurl_AsTheReadmeSays_PrintsWhatTheReadmeShows(string command, string output)
    {
        using var data = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(data.Path);
        Assert.Contains("localhost:5080/", command, StringComparison.Ordinal);
        await using var buf = BufProcess.Shell(
            command.Replace("localhost:5080", service.Address.Authority, StringComparison.Ordinal));

        var (exitCode, all, errors) = await buf.ToEndAsync();

        Assert.True(exitCode == 0, $"{command}\n{errors}");
        var shown = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(shown);
        if (shown[0] == "{")
        {
            // Laid out by buf itself, it shows conversations that this new service has not had.
            return;
        }

        var printed = BufProcess.Values(all).Select(message => message.ToJsonString()).ToArray();
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
