using Chat.V1;
using Google.Protobuf;
using static Microsoft.Playwright.Assertions;
using static Web.Tests.ForgedSession;

namespace Web.Tests;

/// <summary>A message written anew, an answer made anew.</summary>
public sealed class EditTests(Chromium browser)
{
    // One dot.
    private const string Gif = "R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=";

    [Fact]
    public async Task Edit_Sent_StandsInPlaceOfWhatWasAndAllThatFollowed()
    {
        var (forged, _) = await ForgedScene.OpenAsync(
            browser, Said("01q", "", "Say a wort"), Said("02a", "01q", "Wort"), Said("03q", "02a", "No"));
        await using var scene = forged.Page;
        scene.Forgive();
        await scene.Button("Edit the message").First.ClickAsync();
        var field = scene.Page.GetByLabel("Edited message");
        await Expect(field).ToBeFocusedAsync();
        await Expect(field).ToHaveValueAsync("Say a wort");

        await field.FillAsync("Say a word");
        await field.PressAsync("Enter");
        await Expect(scene.Texts).ToHaveTextAsync(["Say a word"]);
        await Expect(field).ToHaveCountAsync(0);
        var question = ForgedTurn.Question;
        question.SiblingMessageIds.Add(["01q", ForgedTurn.QuestionId]);
        await forged.Service.TellAsync(
        [
            new() { Message = question }, new() { Message = ForgedTurn.Answer(StreamState.Running, "") },
            new() { Session = new() { Title = "Forged", HeadMessageId = ForgedTurn.AnswerId } },
            .. ForgedTurn.Told(ForgedTurn.Honest()),
        ]);

        await Expect(scene.Texts).ToHaveTextAsync(["Say a word", "Word"]);
        await Expect(scene.Versions).ToHaveTextAsync("2 / 2");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        var (request, _) = Assert.Single(forged.Service.Sent);
        Assert.Equal(("01q", "Say a word", ""), (request.EditMessageId, request.Message, request.ParentMessageId));
    }

    [Fact]
    public async Task Edit_OfAMessageWithAPicture_KeepsThePicture()
    {
        var question = Said("01q", "", "What is it?");
        var picture = new Part { Image = new() { MediaType = "image/gif", Data = ByteString.FromBase64(Gif) } };
        question.Parts.Insert(0, picture);
        var (forged, _) = await ForgedScene.OpenAsync(browser, question, Said("02a", "01q", "A dot"));
        await using var scene = forged.Page;
        scene.Forgive();
        await scene.Button("Edit the message").ClickAsync();

        await scene.Page.Keyboard.TypeAsync(" And why?");
        await scene.Page.Keyboard.PressAsync("Control+Enter");

        await Expect(scene.Texts).ToHaveTextAsync(["What is it? And why?"]);
        await Expect(scene.Page.GetByAltText("Picture of the message")).ToHaveCountAsync(1);
        Assert.Equal([picture], Assert.Single(forged.Service.Sent).Request.Parts);
    }

    [Fact]
    public async Task Edit_Escaped_LeavesTheMessageAndWhatRuns()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.SendAsync("Go on");
        var exchange = await scene.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("as far");
        await Expect(scene.Prose).ToHaveTextAsync("as far");
        await scene.Button("Edit the message").ClickAsync();
        await scene.Page.Keyboard.TypeAsync(" or not");

        await scene.Page.Keyboard.PressAsync("Escape");

        await Expect(scene.Questions).ToHaveTextAsync("Go on");
        await Expect(scene.Button("Edit the message")).ToBeFocusedAsync();
        await Expect(scene.Button("Stop")).ToBeVisibleAsync();
        await exchange.WriteTextAsync(" as here");
        await exchange.FinishAsync();
        await Expect(scene.Prose).ToHaveTextAsync("as far as here");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
    }

    [Fact]
    public async Task Regenerate_OfAnAnswer_AsksForAnotherOneInItsPlace()
    {
        var (forged, _) = await ForgedScene.OpenAsync(
            browser, Said("01q", "", "Say a word"), Said("02a", "01q", "Ward"), Said("03q", "02a", "Another"));
        await using var scene = forged.Page;
        scene.Forgive();
        var info = ForgedTurn.Info();
        info.SessionInfo.UserMessageId = "01q";
        forged.Service.OnSend = _ => ([info], ForgedService.Ok);
        await Expect(scene.Texts).ToHaveCountAsync(3);

        await scene.Button("Answer once more").ClickAsync();
        await Expect(scene.Texts).ToHaveTextAsync(["Say a word"]);
        await Expect(scene.Answer).ToContainTextAsync("is answering");
        var answer = ForgedTurn.Answer(StreamState.Running, "");
        answer.ParentMessageId = "01q";
        answer.SiblingMessageIds.Add(["02a", ForgedTurn.AnswerId]);
        await forged.Service.TellAsync(
        [
            new() { Message = answer },
            new() { Session = new() { Title = "Forged", HeadMessageId = ForgedTurn.AnswerId } },
            .. ForgedTurn.Told([info, .. ForgedTurn.Honest().Skip(1)]),
        ]);

        await Expect(scene.Texts).ToHaveTextAsync(["Say a word", "Word"]);
        await Expect(scene.Versions).ToHaveTextAsync("2 / 2");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        var (request, _) = Assert.Single(forged.Service.Sent);
        Assert.Equal(("02a", "", ""), (request.RegenerateMessageId, request.Message, request.EditMessageId));
    }

    [Fact]
    public async Task Regenerate_Refused_IsToldAndTheAnswerStays()
    {
        var (forged, _) = await ForgedScene.OpenAsync(
            browser, Said("01q", "", "Say a word"), Said("02a", "01q", "Word"));
        await using var scene = forged.Page;
        scene.Forgive();
        forged.Service.OnSend = _ => ([], "grpc-status: 8\r\ngrpc-message: Sixteen wait already.");

        await scene.Button("Answer once more").ClickAsync();

        await Expect(scene.Page.Locator(".note")).ToContainTextAsync("Sixteen wait already.");
        await Expect(scene.Texts).ToHaveTextAsync(["Say a word", "Word"]);
    }
}
