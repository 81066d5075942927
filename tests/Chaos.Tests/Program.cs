using Chaos.Tests;
using Chaos.Tests.Runs;
using Xunit.MicrosoftTestingPlatform;

return args switch
{
    ["long", var minutes, var report] => await LongForm.RunAsync(minutes, report, seed: null),
    ["long", var minutes, var report, var seed] => await LongForm.RunAsync(minutes, report, seed),
    _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
