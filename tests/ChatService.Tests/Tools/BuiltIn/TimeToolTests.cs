using System.Text.Json;
using ChatGrpc.Tools.BuiltIn;

namespace ChatGrpc.Tests.Tools.BuiltIn;

public sealed class TimeToolTests
{
    private readonly RoundScene _scene = new();

    [Theory]
    [InlineData("{}", "UTC", "2030-01-01T00:00:00+00:00", "Tuesday")]
    [InlineData("""{"zone":"America/New_York"}""", "America/New_York", "2029-12-31T19:00:00-05:00", "Monday")]
    [InlineData("""{"zone":"Asia/Kolkata"}""", "Asia/Kolkata", "2030-01-01T05:30:00+05:30", "Tuesday")]
    public async Task Invoke_Zone_TellsTheTimeThere(string arguments, string zone, string local, string weekday)
    {
        var result = await _scene.ResultAsync(RoundScene.Call(new TimeTool(_scene.Time), arguments));

        var told = JsonSerializer.Deserialize<Dictionary<string, string>>(result.Json)!;
        Assert.Equal("2030-01-01T00:00:00Z", told["utc"]);
        Assert.Equal((zone, local, weekday), (told["zone"], told["local"], told["weekday"]));
    }

    [Theory]
    [InlineData("Europe/Nowhere")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    public async Task Invoke_NoZone_SaysSo(string zone)
    {
        var result = await _scene.ResultAsync(
            RoundScene.Call(new TimeTool(_scene.Time), JsonSerializer.Serialize(new { zone })));

        Assert.True(result.IsError);
        Assert.StartsWith($"There is no time zone {zone}", result.Text, StringComparison.Ordinal);
    }
}
