// Each run is a load for the whole machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
