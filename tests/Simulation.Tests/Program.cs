using Simulation.Tests;
using Simulation.Tests.World;
using Xunit.MicrosoftTestingPlatform;

return args switch
{
    ["schedules", var seed] => Replay.One(seed),
    ["schedules", var first, var count] => Replay.All(first, count),
    ["hunt", var first, var count] => Replay.UntilOneFails(first, count),
    _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
