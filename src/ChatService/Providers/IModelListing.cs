namespace ChatGrpc.Providers;

/// <summary>A provider that can be asked which models it has.</summary>
internal interface IModelListing
{
    /// <summary>
    /// Asks the provider, with no limit of time of its own. An expected failure is a value, never an exception;
    /// cancelling aborts the connection at once and throws <see cref="OperationCanceledException"/>.
    /// </summary>
    Task<ListedModels> ListAsync(CancellationToken cancellationToken);
}
