using Chat.V1;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Model;
using Grpc.Core;

namespace ChatGrpc.Client.Models;

/// <summary>/model: tells the models, or which one answers from now on.</summary>
internal sealed class ModelChoice(ChatConnection connection, Terminal terminal)
{
    /// <param name="alias">The wanted one; empty: who asks wants to see them.</param>
    /// <param name="current">The one that answers; empty: the service's default.</param>
    /// <returns>The one that answers from now on.</returns>
    public async Task<string> MakeAsync(string alias, string current, CancellationToken cancellationToken)
    {
        try
        {
            var listed = await connection.Models.ListModelsAsync(
                new ListModelsRequest(), cancellationToken: cancellationToken);
            if (alias.Length > 0)
            {
                return Choose(alias, listed) ? alias : current;
            }

            foreach (var line in ModelTable.Lines(listed, current))
            {
                terminal.WriteNotice(line);
            }
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.WriteNotice("Stopped; the model is the same as before.");
        }
        catch (RpcException failure)
        {
            foreach (var line in Failures.Describe(failure, connection.Server, answering: false))
            {
                terminal.WriteError(line);
            }
        }

        return current;
    }

    private bool Choose(string alias, ListModelsResponse listed)
    {
        var model = listed.Models.FirstOrDefault(model => model.Alias == alias);
        if (model is null && !IsOfAProvider(alias, listed))
        {
            var near = NearNames.Suggest(alias, listed.Models.Select(known => known.Alias));
            terminal.WriteError($"There is no model {alias}.{near} /model lists them.");
            return false;
        }

        var doubt = model is null ? " Its provider does not list it."
            : model.Availability == ModelAvailability.Unavailable ? $" It is not available: {model.UnavailableReason}"
            : "";
        terminal.WriteNotice($"{alias} answers from now on.{doubt}");
        return true;
    }

    // A request may name any model of a provider as ALIAS/MODEL, listed or not.
    private static bool IsOfAProvider(string alias, ListModelsResponse listed) =>
        alias.Split('/', 2) is [var provider, { Length: > 0 }]
        && listed.Models.Any(model => !model.Discovered && model.Alias == provider);
}
