namespace ChatGrpc.Tools.Mcp;

/// <summary>Bounds what a server answers over HTTP, which else would be read into memory whatever its size.</summary>
internal sealed class BoundedAnswers() : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        response.Content = new BoundedContent(response.Content);
        return response;
    }
}
