using System.Threading.Channels;
using ChatGrpc.Providers;

namespace ChatGrpc.Tests.Providers.Resilience;

/// <summary>A model for which the test speaks.</summary>
internal sealed class SpokenModel : IModelProvider
{
    // A test says a handful of events.
    private readonly Channel<ModelEvent> _said = Channel.CreateBounded<ModelEvent>(100);

    public string Name => "spoken";

    public bool CarriesOn { get; init; }

    /// <summary>What it was asked last.</summary>
    public ModelRequest? Request { get; private set; }

    /// <summary>Cancelled: whoever asked does not want to hear more.</summary>
    public CancellationToken Token { get; private set; }

    public void Say(ModelEvent said) => Assert.True(_said.Writer.TryWrite(said));

    /// <summary>The wire ends.</summary>
    public void End() => _said.Writer.Complete();

    public IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        (Request, Token) = (request, cancellationToken);
        return _said.Reader.ReadAllAsync(cancellationToken);
    }
}
