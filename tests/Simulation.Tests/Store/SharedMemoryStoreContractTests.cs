namespace Simulation.Tests.Store;

/// <summary>And so is the one that several processes share.</summary>
public sealed class SharedMemoryStoreContractTests : MemoryStoreContractTests
{
    private protected override TimeProvider? Clock => TimeProvider.System;
}
