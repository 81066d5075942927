using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace ChatGrpc.Hosting;

/// <summary>Settings of the framework as this service wants them, below everything that an operator sets.</summary>
internal static class ServiceDefaults
{
    private static readonly Dictionary<string, string?> Values = new()
    {
        ["Logging:LogLevel:Default"] = "Information",

        // A line or four for each request would drown what the service itself has to say.
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",

        // The service says itself where it listens.
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",

        // What stops the start is told in one line by the program, not as the host's stack trace.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None",
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
    };

    public static void AddServiceDefaults(this ConfigurationManager configuration)
    {
        var sources = ((IConfigurationBuilder)configuration).Sources;
        sources.Insert(0, new MemoryConfigurationSource { InitialData = Values });

        // User secrets stand above the files and below the environment; here in every environment, since a key on a
        // developer's machine is wanted whatever that is called.
        var secrets = new ConfigurationBuilder().AddUserSecrets(typeof(ServiceDefaults).Assembly, optional: true);
        var files = sources.TakeWhile(source => source is not EnvironmentVariablesConfigurationSource { Prefix: null })
            .Count();
        foreach (var source in secrets.Sources)
        {
            sources.Insert(files, source);
        }
    }
}
