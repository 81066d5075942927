using System.Reflection;
using ChatGrpc.Model;
using ChatGrpc.Providers;

namespace ChatGrpc.Hosting;

/// <summary>
/// Reads what the program was started with before the configuration does, which takes any word and any name for a
/// setting that nobody happens to ask for.
/// </summary>
internal static class CommandLine
{
    private static readonly string[] Help = ["--help", "-h", "-?", "/?"];

    private const string Version = "--version";

    // Of the framework's own settings those that mean something here; what stands below a group is the group's.
    private static readonly string[] Groups = ["Chat", "Kestrel", "Logging"];

    private static readonly string[] Settings =
    [
        "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "webRoot",
        "shutdownTimeoutSeconds", "AllowedHosts", "ConnectionStrings:Chat", "DATABASE_URL",
        DefaultModel.ProviderSetting,
        "OPENROUTER_HTTP_REFERER", "OPENROUTER_X_TITLE",
        .. ProviderKind.All.SelectMany(kind => new[] { kind.KeySetting, kind.UrlSetting, kind.ModelSetting }),
    ];

    /// <summary>Does what was asked for in place of a service. False: the service is to start.</summary>
    /// <exception cref="StartupException">An argument is no setting.</exception>
    public static bool TryRun(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments is [KeyCommand.Name, ..])
        {
            KeyCommand.Run([.. arguments.Skip(1)], output);
            return true;
        }

        if (arguments.Any(Help.Contains))
        {
            output.Write(Usage.Text);
            return true;
        }

        if (arguments.Contains(Version))
        {
            output.WriteLine($"ChatGrpc {ProgramVersion}");
            return true;
        }

        RefuseUnknown(arguments);
        return false;
    }

    private static string ProgramVersion => typeof(CommandLine).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>As the framework reads them: --name=value, --name value, /name=value, name=value.</summary>
    /// <exception cref="StartupException">An argument is no setting.</exception>
    public static void RefuseUnknown(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var end = argument.IndexOf('=', StringComparison.Ordinal);
            var option = end < 0 ? argument : argument[..end];
            var name = option.StartsWith("--", StringComparison.Ordinal) ? option[2..] : option.TrimStart('/');
            if (!IsKnown(name))
            {
                throw new StartupException(
                    $"{option} is no setting of this service.{Suggestion(name)} Settings look like "
                    + "--urls=http://localhost:5080; --help lists them.");
            }

            if (end < 0)
            {
                i++;
                var isMissing = i == arguments.Count || arguments[i].StartsWith("--", StringComparison.Ordinal);
                if (isMissing || name == option)
                {
                    throw new StartupException($"{option} is without a value: give one, as in --{name}=VALUE.");
                }
            }
        }
    }

    private static string Suggestion(string name) => NearNames.Suggest(
        $"--{name.TrimStart('-')}",
        Settings.Concat(["help", "version", DefaultModel.Setting, "Chat:Storage:Path", "Chat:AllowAnonymous"])
            .Select(known => $"--{known}"));

    private static bool IsKnown(string name) =>
        Settings.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Groups.Any(group => name.StartsWith($"{group}:", StringComparison.OrdinalIgnoreCase));
}
