namespace ChatGrpc.Page;

/// <summary>The chat page, on the port of everything else.</summary>
internal static class PageRegistration
{
    private const string Index = "index.html";

    private const string NotBuilt =
        "This is ChatGrpc, a gRPC service. Its chat page was not built: install Node 20.19 or later, run "
        + "dotnet build src/ChatService and start the service again. Until then: "
        + "dotnet run --project src/ChatClient\n";

    // Nothing but the page's own files runs or is loaded, and it talks to nobody but this service. A picture may be
    // one of a message, which is a data: URL. DOMPurify's policy is the only one that may make HTML of a text; the
    // hub's lets one file run as a worker, which is under the policy that comes with the file.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types dompurify hub";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapChatPage(this IEndpointRouteBuilder app) =>
        app.MapChatPage(PageFiles.Read(typeof(PageRegistration).Assembly));

    public static void MapChatPage(this IEndpointRouteBuilder app, IReadOnlyDictionary<string, PageFile> files)
    {
        if (!files.TryGetValue(Index, out var index))
        {
            app.MapMethods("/", Reading, () => TypedResults.Text(NotBuilt, statusCode: StatusCodes.Status404NotFound));
            return;
        }

        app.MapMethods("/", Reading, (HttpContext call) =>
        {
            Protect(call.Response.Headers);
            call.Response.Headers.CacheControl = "no-cache";
            return index.Answer(call);
        });
        foreach (var (path, file) in files.Where(file => file.Key != Index))
        {
            app.MapMethods(path, Reading, (HttpContext call) =>
            {
                // Another content has another name.
                call.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                call.Response.Headers.XContentTypeOptions = "nosniff";
                call.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
                return file.Answer(call);
            });
        }
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
