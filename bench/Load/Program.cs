using ChatGrpc.Bench.Load;

switch (args)
{
    case ["flat-out"]:
        await FlatOut.RunAsync(rounds: 5, tokensPerRound: 100_000);
        break;
    case ["waiting"]:
        await Waiting.RunAsync(streams: 5_000);
        break;
    case ["smoke"]:
        await FlatOut.RunAsync(rounds: 1, tokensPerRound: 5_000);
        await Waiting.RunAsync(streams: 50);
        break;
    default:
        await Console.Error.WriteLineAsync("Usage: flat-out | waiting | smoke");
        return 64;
}

return 0;
