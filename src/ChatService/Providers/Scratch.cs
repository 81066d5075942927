using System.Runtime.CompilerServices;
using Chat.V1;
namespace ChatGrpc.Providers;
internal static class Scratch
{
    public static IServiceCollection AddModels(this IServiceCollection s, IConfiguration c) => s.AddSingleton(_ => new ModelCatalogue([new ModelEntry("demo","demo",new P())],"demo"));
    private sealed class P : IModelProvider
    {
        public string Name => "demo";
        public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
        {
            for (var i = 0; i < 10; i++) { await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct); yield return ModelEvent.Answer($"t{i} "); }
            yield return ModelEvent.Finished(FinishReason.Stop, "stop");
        }
    }
}
