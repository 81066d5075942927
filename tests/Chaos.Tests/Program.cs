using Chaos.Tests;
using Chaos.Tests.Replicas;
using Chaos.Tests.Replicas.Figures;
using Chaos.Tests.Runs;
using Xunit.MicrosoftTestingPlatform;

return args switch
{
    ["long", var minutes, var report] => await LongForm.RunAsync(minutes, report, seed: null),
    ["long", var minutes, var report, var seed] => await LongForm.RunAsync(minutes, report, seed),
    ["replicas", var minutes, var report] => await ReplicaLongForm.RunAsync(minutes, report, seed: null),
    ["replicas", var minutes, var report, var seed] => await ReplicaLongForm.RunAsync(minutes, report, seed),
    ["replica-figures", .. var wanted] => await ReplicaFigures.RunAsync(wanted),
    _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
