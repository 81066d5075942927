using System.Data.Common;

namespace Chaos.Tests.Runs;

/// <summary>The store behind the service of a run.</summary>
internal interface IBacking
{
    /// <summary>What the service is told of it, as variables of its environment.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>A way to it beside the service, for when that has ended.</summary>
    Task<DbConnection> OpenAsync();
}
