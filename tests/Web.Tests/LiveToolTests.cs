using ChatGrpc.TestKit.Providers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

/// <summary>Tools as the service runs them, for a model whose answers the test writes.</summary>
public sealed class LiveToolTests(Chromium browser)
{
    [Fact]
    public async Task Tool_ChosenAndCalled_IsSeenWhileItIsCalledAndAfterAReload()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        await scene.Button("Tools: as the service offers them").ClickAsync();
        await scene.Page.Locator("#tool-menu input[value=calculator]").CheckAsync();
        await scene.Page.Keyboard.PressAsync("Escape");
        await scene.SendAsync("What is six times seven?");
        var call = await scene.StandIn.NextRequestAsync();
        await call.StartStreamAsync();
        await call.WriteTextAsync("I reckon.");
        await call.WriteEventAsync(OpenAIWire.CallStart(0, "c1", "calculator"));
        await call.WriteEventAsync(OpenAIWire.CallPiece(0, "{\"expression\":"));
        var line = scene.Answer.Locator(".tool");
        await Expect(line.Locator("summary")).ToContainTextAsync("calculator{\"expression\":");
        await call.WriteEventAsync(OpenAIWire.CallPiece(0, "\"6*7\"}"));
        await call.FinishAsync("tool_calls");

        var answer = await scene.StandIn.NextRequestAsync();
        await Expect(line).ToHaveAttributeAsync("data-state", "done");
        await answer.AnswerAsync("It is 42.");

        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Prose).ToHaveTextAsync(["I reckon.", "It is 42."]);
        await Expect(line.Locator("summary")).ToContainTextAsync("expression: 6*7");
        await scene.Page.ReloadAsync();
        await line.Locator("summary").ClickAsync();
        await Expect(line.Locator(".tool-more pre").Last).ToContainTextAsync("42");
        await Expect(scene.Prose).ToHaveTextAsync("I reckon. It is 42.");
    }

    [Fact]
    public async Task ClientTool_OfAnotherProgram_IsAnsweredFromThePageAlsoAfterARestart()
    {
        await using var scene = await PageScene.OpenWithStandInAsync(browser);
        using var seed = new Seed(scene.Address);
        await seed.BeginAsync("waiting", "Paint it", new() { Name = "ask_person", Description = "Asks." });
        var call = await scene.StandIn.NextRequestAsync();
        await call.CallAsync(new ScriptedCall("c1", "ask_person", "{\"question\":\"Colour?\"}"));
        await scene.Page.GotoAsync($"{scene.Address}#/waiting");
        var field = scene.Page.GetByLabel("Result of ask_person");
        await Expect(field).ToBeVisibleAsync();
        await seed.UntilWaitingAsync("waiting");
        await scene.KillServiceAsync();
        await scene.StartServiceAsync();
        await scene.Page.ReloadAsync();

        await field.FillAsync("blue");
        await scene.Button("Give the result").ClickAsync();
        var answer = await scene.StandIn.NextRequestAsync();
        Assert.Equal("blue", answer.Body.GetProperty("messages")[2].GetProperty("content").GetString());
        await answer.AnswerAsync("It is blue now.");

        await Expect(scene.Prose).ToHaveTextAsync("It is blue now.");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Answer.Locator(".tool")).ToHaveAttributeAsync("data-state", "done");
        await Expect(scene.Answer.Locator(".result-form")).ToHaveCountAsync(0);
    }
}
