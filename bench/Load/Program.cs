using System.Globalization;
using ChatGrpc.Bench.Load;
using ChatGrpc.Bench.Load.EndToEnd;
using ChatGrpc.Bench.Load.Stores;
using ChatGrpc.Bench.Load.Surviving;

string[] all = ["direct", "relay", "service"];
switch (args)
{
    case ["flat-out"]:
        await FlatOut.RunAsync(rounds: 5, tokensPerRound: 100_000);
        break;
    case ["stack"]:
        await Stack.RunAsync(rounds: 7, messagesPerRound: 400_000);
        break;
    case ["waiting"]:
        await Waiting.RunAsync(streams: 5_000);
        break;
    case ["resume"]:
        await ResumeLatency.RunAsync(streams: 100, rounds: 5);
        break;
    case ["idle-readers"]:
        await IdleReaders.RunAsync(readers: 10_000);
        break;
    case ["stopped-readers"]:
        await StoppedReaders.RunAsync(live: 400, others: 100, rounds: 5, seconds: 5, cutWithinSeconds: 60);
        break;
    case ["cancel"]:
        await CancelLatency.RunAsync(cancels: 200);
        break;
    case ["end-to-end"]:
        await Comparison.RunAsync(Extent.Full, all);
        break;
    case ["compare", var rounds, var seconds, .. var contenders]:
        await Comparison.RunAsync(
            Extent.Full with { Rounds = Number(rounds), Seconds = Number(seconds) }, contenders);
        break;
    case ["paced", var streams, var rate, var seconds, var rounds, .. var stores]:
        await Paced.RunAsync(Number(streams), Number(rate), Number(seconds), Number(rounds), stores);
        break;
    case ["first-tokens", var rounds, var requests, .. var stores]:
        await FirstTokens.RunAsync(Number(rounds), Number(requests), stores);
        break;
    case ["histories", var messages, .. var stores]:
        await Histories.RunAsync(Number(messages), stores);
        break;
    case ["smoke"]:
        await FlatOut.RunAsync(rounds: 1, tokensPerRound: 5_000);
        await Stack.RunAsync(rounds: 1, messagesPerRound: 10_000);
        await Waiting.RunAsync(streams: 50);
        await ResumeLatency.RunAsync(streams: 5, rounds: 1);
        await IdleReaders.RunAsync(readers: 100);
        await StoppedReaders.RunAsync(live: 10, others: 5, rounds: 1, seconds: 1, cutWithinSeconds: 0);
        await CancelLatency.RunAsync(cancels: 5);
        await Paced.RunAsync(streams: 20, rate: 20, seconds: 1, rounds: 1, ["service"]);
        await FirstTokens.RunAsync(rounds: 1, requests: 5, ["service"]);
        await Histories.RunAsync(messages: 1_000, ["service"]);
        await Comparison.RunAsync(Extent.Smoke, all);
        break;
    default:
        await Console.Error.WriteLineAsync(
            "Usage: flat-out | stack | waiting | resume | idle-readers | stopped-readers | cancel | end-to-end\n"
            + "  | smoke | compare ROUNDS SECONDS CONTENDER... | paced STREAMS RATE SECONDS ROUNDS CONTENDER...\n"
            + "  | first-tokens ROUNDS REQUESTS CONTENDER... | histories MESSAGES CONTENDER...\n"
            + "A contender is direct, or relay or service followed by ,VARIABLE=VALUE as often as wanted.");
        return 64;
}

return 0;

static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
