namespace Simulation.Tests.Store;

/// <summary>What a wrong store would do. The simulation has to notice each of them.</summary>
internal enum StoreFlaw
{
    None,

    /// <summary>Whoever owned a stream once can go on writing it.</summary>
    NoFence,

    /// <summary>A session's queued turns all run when one ends.</summary>
    PromotesAll,

    /// <summary>Two turns of a session run at once.</summary>
    IgnoresBusySession,

    /// <summary>A request id can be used twice.</summary>
    IgnoresRequestIds,

    /// <summary>The epoch stays as it was when a stream is taken over.</summary>
    ForgetsNewEpoch,

    /// <summary>A turn is taken over in the epoch in which it was left.</summary>
    KeepsEpochOfTaken,

    /// <summary>That a turn waits for its client is not kept.</summary>
    ForgetsWaiting,

    /// <summary>A step that is there is not replaced by what became of it.</summary>
    KeepsOldSteps,

    /// <summary>Who comes first after an outage takes those for dead that had no time to come back.</summary>
    DeclaresDeadAtOnce,

    /// <summary>Who renews late has lived all the time, and knows of no outage.</summary>
    LateRenewalGoesOn,

    /// <summary>Who looks for turns of the dead gets everybody's.</summary>
    TakesFromTheLiving,

    /// <summary>A queued turn is let run by another one than its owner, who may be dead.</summary>
    PromotesForOthers,
}
