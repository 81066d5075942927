using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
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
                $"The configuration cannot be read: {unreadable.Message} A time is written as hh:mm:ss.", unreadable);
        }

        return settings.Turns.Violations().FirstOrDefault() is { } violation
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

    private static void RefuseUnknownIn(IConfigurationSection section, Type type)
    {
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
    }

    private static void RefuseValue(IConfigurationSection section)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            throw new StartupException(
                $"{section.Path} is a group of settings and takes no value: name one of them, "
                + $"as in {section.Path}:Name.");
        }
    }
}
