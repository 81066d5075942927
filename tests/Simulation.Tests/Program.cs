using Simulation.Tests;
using Simulation.Tests.Mutants;
using Simulation.Tests.World;
using Xunit.MicrosoftTestingPlatform;

return args switch
{
    ["schedules", var seed] => Replay.One(seed),
    ["schedules", var first, var count] => Replay.All(first, count),
    ["hunt", var first, var count] => Replay.UntilOneFails(first, count),
    ["mutants", var count, .. var part] => await MutantHunt.RunAsync(count, string.Join(' ', part)),
    _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
