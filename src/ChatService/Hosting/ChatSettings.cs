using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.Security;
using ChatGrpc.Storage;
using ChatGrpc.Tools;
using ChatGrpc.Turns;

namespace ChatGrpc.Hosting;

/// <summary>The section Chat of the configuration, whole and checked.</summary>
internal sealed class ChatSettings
{
    private const string Section = "Chat";

    /// <summary>
    /// Alias of the model that answers where a request names none. Default: the first that is configured.
    /// </summary>
    public string DefaultModel { get; set; } = "";

    /// <summary>Models by the alias that requests name them by.</summary>
    public Dictionary<string, ModelOptions> Models { get; set; } = [];

    public StorageOptions Storage { get; set; } = new();

    public TurnOptions Turns { get; set; } = new();

    public ResilienceOptions Resilience { get; set; } = new();

    public ToolOptions Tools { get; set; } = new();

    /// <summary>Keys by the names that they are told apart by.</summary>
    public Dictionary<string, KeyOptions> Keys { get; set; } = [];

    /// <summary>Without keys, serve whoever reaches the service, on any address. Default: false.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Names by which clients call the service, beside those of this machine.</summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>Origins whose pages may use the service, beside its own.</summary>
    public List<string> Origins { get; set; } = [];

    public AccessOptions Access => new(Keys, AllowAnonymous, Hosts, Origins);

    /// <exception cref="StartupException">A key is unknown, or a value is wrong.</exception>
    public static ChatSettings Load(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        RefuseUnknown(section, typeof(ChatSettings));
        ChatSettings settings;
        try
        {
            settings = section.Get<ChatSettings>() ?? new ChatSettings();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new StartupException(
                $"The configuration cannot be read: {unreadable.Message} A time is written as hh:mm:ss, a "
                + "durability as Memory or Strict.",
                unreadable);
        }

        var violations = settings.Turns.Violations().Concat(settings.Resilience.Violations())
            .Concat(settings.Tools.Violations())
            .Concat(AccessRules.Violations(settings.Access));
        return violations.FirstOrDefault() is { } violation
            ? throw new StartupException(violation)
            : settings;
    }

    // A misspelt key would otherwise do nothing, silently.
    private static void RefuseUnknown(IConfigurationSection section, Type options)
    {
        var known = options.GetProperties().Where(property => property.CanWrite).ToArray();
        foreach (var child in section.GetChildren())
        {
            var property = Array.Find(
                known, property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                throw new StartupException(
                    $"{child.Path} is no setting of this service."
                    + NearNames.Suggest(child.Path, known.Select(property => $"{section.Path}:{property.Name}"))
                    + $" {section.Path} knows {string.Join(", ", known.Select(property => property.Name))}.");
            }

            RefuseUnknownIn(child, property.PropertyType);
        }
    }

    private static void RefuseUnknownIn(IConfigurationSection section, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type.Namespace!.StartsWith(nameof(ChatGrpc), StringComparison.Ordinal))
        {
            RefuseValue(section);
            RefuseUnknown(section, type);
        }
        else if (type.GetGenericArguments() is [var key, var value] && key == typeof(string))
        {
            RefuseValue(section);
            foreach (var named in section.GetChildren())
            {
                RefuseUnknownIn(named, value);
            }
        }
        else if (type.GetGenericArguments() is [_])
        {
            RefuseValue(section, $"is a list: give its items by number, as in {section.Path}:0");
        }
        else if (section.GetChildren().Any())
        {
            throw new StartupException($"{section.Path} is a setting of one value and has no others below it.");
        }
    }

    private static void RefuseValue(IConfigurationSection section) => RefuseValue(
        section, $"is a group of settings and takes no value: name one of them, as in {section.Path}:Name");

    private static void RefuseValue(IConfigurationSection section, string why)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            throw new StartupException($"{section.Path} {why}.");
        }
    }
}
