using System.Text;
using Chat.V1;
using Google.Protobuf;
using static Microsoft.Playwright.Assertions;
using static Web.Tests.ForgedSession;

namespace Web.Tests;

/// <summary>A session as a file, and a part of it as a session of its own.</summary>
public sealed class ExportTests(Chromium browser)
{
    [Theory]
    [InlineData("Markdown", ".md")]
    [InlineData("JSON", ".json")]
    public async Task Export_InEachForm_SavesTheBytesUnderTheTitle(string form, string ending)
    {
        const string Text = "Grüße 🌍, <b>tief</b>";
        await using var scene = await PageScene.OpenAsync(browser);
        using var seed = new Seed(scene.Address);
        await seed.SayAsync("here", "Hello: a/b");
        var asked = new List<ExportSessionRequest>();
        await scene.Page.RouteAsync("**/ExportSession", route =>
        {
            asked.Add(ForgedService.Parse(ExportSessionRequest.Parser, route));
            // A piece for each byte: some of them end within a character.
            var pieces = Encoding.UTF8.GetBytes(Text).Select(
                part => new ExportSessionResponse { Data = ByteString.CopyFrom(part) });
            return ForgedService.AnswerAsync(route, pieces, ForgedService.Ok);
        });
        await scene.Page.ReloadAsync();
        await scene.Rows.HoverAsync();
        await scene.Rows.GetByTitle("Export").ClickAsync();
        await scene.Page.GetByLabel(form).CheckAsync();

        var download = await scene.Page.RunAndWaitForDownloadAsync(() => scene.Button("Export").ClickAsync());

        Assert.Equal($"Hello a b{ending}", download.SuggestedFilename);
        Assert.Equal(Text, await File.ReadAllTextAsync(
            await download.PathAsync(), TestContext.Current.CancellationToken));
        var format = form == "JSON" ? ExportFormat.Json : ExportFormat.Markdown;
        Assert.Equal(new ExportSessionRequest { SessionId = "here", Format = format }, Assert.Single(asked));
    }

    [Fact]
    public async Task Export_BreaksOff_SavesNothingAndSaysSo()
    {
        await using var scene = await PageScene.OpenAsync(browser);
        using var seed = new Seed(scene.Address);
        await seed.SayAsync("here", "/demo tokens=1 rate=max");
        await scene.Page.RouteAsync("**/ExportSession", route => ForgedService.AnswerAsync(
            route,
            [new ExportSessionResponse { Data = ByteString.CopyFromUtf8("Half") }],
            "grpc-status: 14\r\ngrpc-message: The store is away."));
        var downloads = 0;
        scene.Page.Download += (_, _) => downloads++;
        await scene.Page.ReloadAsync();
        await scene.Rows.HoverAsync();
        await scene.Rows.GetByTitle("Export").ClickAsync();

        await scene.Button("Export").ClickAsync();

        await Expect(scene.Page.GetByText("The chat was not exported: The store is away.")).ToBeVisibleAsync();
        Assert.Equal(0, downloads);
    }

    [Fact]
    public async Task Fork_FromAnAnswer_OpensTheNewSession()
    {
        var (forged, _) = await ForgedScene.OpenAsync(
            browser, Said("01q", "", "Question"), Said("02a", "01q", "Answer"), Said("03q", "02a", "More"));
        await using var scene = forged.Page;
        scene.Forgive();
        var asked = new List<ForkSessionRequest>();
        await forged.Service.ForgeAsync("ForkSession", ForkSessionRequest.Parser, request =>
        {
            asked.Add(request);
            var made = new Session { SessionId = "forked", Title = "The fork", HeadMessageId = "02a" };
            return ([new ForkSessionResponse { Session = made }], ForgedService.Ok);
        });

        await scene.Answer.GetByTitle("Go on from here in a new chat").ClickAsync();

        await Expect(scene.Page).ToHaveURLAsync($"{scene.Address}#/forked");
        await Expect(scene.Rows.First).ToHaveTextAsync("The fork");
        await Expect(scene.Field).ToBeFocusedAsync();
        Assert.Equal(
            new ForkSessionRequest { SessionId = "forged", MessageId = "02a" }, Assert.Single(asked));
    }
}
