namespace Grpc.Tests.Hardening;

/// <summary>
/// Tests that look at the whole process, its memory and its unobserved exceptions, or that fill the machine: each runs
/// alone.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Hardening";
}
