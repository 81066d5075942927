using ChatGrpc.Model;

namespace ChatGrpc.Providers;

/// <summary>How a model is told of tools.</summary>
internal enum ToolWay
{
    /// <summary>By the provider's own wire.</summary>
    Native,

    /// <summary>In words, and it answers with XML in its text.</summary>
    Xml,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>How a model is told what an answer has to look like.</summary>
internal enum SchemaWay
{
    /// <summary>By the provider's own wire.</summary>
    Native,

    /// <summary>In words.</summary>
    Instructed,
}

/// <summary>What the configuration says of a model beside its name and place.</summary>
internal sealed record ModelTraits
{
    /// <summary>Aliases of the models that are asked in its place when it fails, in order.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    public bool Streams { get; init; } = true;

    /// <summary>Null: as its provider has it.</summary>
    public ToolWay? Tools { get; init; }

    /// <summary>Null: as its provider has it.</summary>
    public SchemaWay? Schemas { get; init; }

    /// <param name="at">The model's section.</param>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static ModelTraits From(string at, ModelOptions options) => new()
    {
        Fallbacks = [.. options.Fallbacks],
        Streams = options.Streaming,
        Tools = Choice<ToolWay>($"{at}:{nameof(ModelOptions.Tools)}", options.Tools),
        Schemas = Choice<SchemaWay>($"{at}:{nameof(ModelOptions.Schemas)}", options.Schemas),
    };

    /// <summary>
    /// Checks the chains. The fallbacks of a fallback are not followed: a chain is what stands in one setting, and two
    /// models may well stand in for each other.
    /// </summary>
    /// <exception cref="StartupException">A chain names nothing that is offered, itself, or one twice.</exception>
    public static void CheckFallbacks(IReadOnlyCollection<ModelOffer> offers)
    {
        var aliases = offers.Select(offer => offer.Alias).ToArray();
        foreach (var offer in offers)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { offer.Alias };
            foreach (var fallback in offer.Traits.Fallbacks)
            {
                var at = $"{ModelOffers.Section}:{offer.Alias}:{nameof(Fallbacks)}";
                if (!aliases.Contains(fallback))
                {
                    throw new StartupException(
                        $"{at} names {fallback}, which is not configured: name some of {string.Join(", ", aliases)}."
                        + NearNames.Suggest(fallback, aliases));
                }

                if (!seen.Add(fallback))
                {
                    throw new StartupException(fallback == offer.Alias
                        ? $"{at} names {fallback}, which is the model itself."
                        : $"{at} names {fallback} twice.");
                }
            }
        }
    }

    private static T? Choice<T>(string at, string value)
        where T : struct, Enum
    {
        if (value.Length == 0)
        {
            return null;
        }

        var names = Enum.GetNames<T>();
        return Array.Find(names, name => name.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse<T>(found)
            : throw new StartupException(
                $"{at} is {value}: set it to one of {string.Join(", ", names).ToLowerInvariant()}.");
    }
}
