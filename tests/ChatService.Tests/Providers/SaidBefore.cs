using System.Runtime.CompilerServices;
using ChatGrpc.Providers;

namespace ChatGrpc.Tests.Providers;

/// <summary>A provider that says what it was made with, and remembers what it was asked.</summary>
internal sealed class SaidBefore(params IReadOnlyList<ModelEvent> said) : IModelProvider
{
    public string Name => "said-before";

    public ModelRequest? Asked { get; private set; }

    public static SaidBefore InPieces(params IEnumerable<string> pieces) =>
        new([.. pieces.Select(ModelEvent.Answer), ModelEvent.Finished(Chat.V1.FinishReason.Stop, "stop")]);

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked = request;
        foreach (var one in said)
        {
            await Task.CompletedTask;
            yield return one;
        }
    }
}
