namespace ChatGrpc.Security;

internal static class SecurityRegistration
{
    // Browsers keep a preflight's answer at most so long: Chromium two hours, Firefox a day.
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(2);

    /// <summary>What gRPC-Web clients read of an answer, beside its body.</summary>
    private static readonly string[] Exposed =
        ["Grpc-Status", "Grpc-Message", "Grpc-Encoding", "Grpc-Accept-Encoding", "Grpc-Status-Details-Bin"];

    /// <param name="services">The services of the application.</param>
    /// <param name="access">Checked already.</param>
    /// <param name="write">How a request that does not come in is answered.</param>
    public static IServiceCollection AddSecurity(
        this IServiceCollection services, AccessOptions access, WriteRefusal write)
    {
        services.AddSingleton(access);
        services.AddSingleton(write);
        services.AddSingleton(KeyRing.Of(access.Keys));
        services.AddSingleton<HostGate>();
        services.AddSingleton<OriginGate>();
        services.AddHostedService<AccessAnnouncement>();
        services.AddTransient<KeyAuthentication>();
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = KeyAuthentication.SchemeName;
            options.AddScheme<KeyAuthentication>(KeyAuthentication.SchemeName, displayName: null);
        });
        services.AddAuthorization();

        // Any header: origins are named one by one, cookies mean nothing here, and callers have metadata of their own.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. access.Origins])
            .WithMethods(HttpMethods.Post)
            .AllowAnyHeader()
            .WithExposedHeaders(Exposed)
            .SetPreflightMaxAge(PreflightAge)));
        return services;
    }

    /// <summary>In this order, so that a page that may call at all can read why a call was refused.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<HostGate>().PassAsync);
        app.Use(app.Services.GetRequiredService<OriginGate>().PassAsync);
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
