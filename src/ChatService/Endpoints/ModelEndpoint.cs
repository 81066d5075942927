using Chat.V1;
using ChatGrpc.Providers;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>chat.v1.ModelService: the models that a request can name.</summary>
internal sealed class ModelEndpoint(ModelDirectory directory, ModelCatalogue catalogue) : ModelService.ModelServiceBase
{
    public override async Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var models = await directory.ListAsync(request.ConfiguredOnly, context.CancellationToken);
        return new ListModelsResponse { Models = { models }, DefaultModel = catalogue.Default.Alias };
    }
}
