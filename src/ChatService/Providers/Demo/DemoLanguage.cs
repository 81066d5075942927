using System.Text;

namespace ChatGrpc.Providers.Demo;

internal enum DemoLanguage
{
    English,
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Russian,
    Chinese,
    Japanese,
    Korean,
    Arabic,
    Hindi,
}

/// <summary>Guesses a message's language: by its script, or for Latin letters by the commonest words.</summary>
internal static class DemoLanguages
{
    private static readonly (DemoLanguage Language, string[] Words)[] Latin =
    [
        (DemoLanguage.English, Words(
            "the is are you what how and of to in can do does i my me it hello hi please why")),
        (DemoLanguage.German, Words(
            "der die das ist sind du sie was wie und ich mir kannst kann ein eine nicht hallo guten bitte warum für")),
        (DemoLanguage.French, Words(
            "le la les est es tu vous quoi comment et je moi peux un une ne pas bonjour salut merci pourquoi quel")),
        (DemoLanguage.Spanish, Words(
            "el la los es eres tú usted qué que cómo como y yo puedes un una no hola gracias por porqué buenos")),
        (DemoLanguage.Portuguese, Words(
            "o os é você voce quê que como e eu pode um uma não nao olá ola obrigado por bom dia")),
        (DemoLanguage.Italian, Words(
            "il lo gli è sei tu cosa come e io puoi un una non ciao grazie perché che buongiorno")),
    ];

    public static DemoLanguage Of(string text)
    {
        var letters = new Dictionary<DemoLanguage, int>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                var script = Script(rune.Value);
                letters[script] = letters.GetValueOrDefault(script) + 1;
            }
        }

        // Japanese is written in Chinese characters too, but never without its own.
        if (letters.ContainsKey(DemoLanguage.Japanese) && letters.Remove(DemoLanguage.Chinese, out var shared))
        {
            letters[DemoLanguage.Japanese] += shared;
        }

        var most = letters.Count == 0 ? DemoLanguage.English : letters.MaxBy(pair => pair.Value).Key;
        return most == DemoLanguage.English ? OfLatin(text) : most;
    }

    private static DemoLanguage OfLatin(string text)
    {
        var words = DemoAnswers.WordsOf(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // The first of equals, so that a doubtful text is English.
        return Latin.MaxBy(entry => words.Count(word => entry.Words.Contains(word))).Language;
    }

    private static DemoLanguage Script(int scalar) => scalar switch
    {
        >= 0x0400 and < 0x0530 => DemoLanguage.Russian,
        >= 0x0600 and < 0x0780 => DemoLanguage.Arabic,
        >= 0x0900 and < 0x0980 => DemoLanguage.Hindi,
        >= 0x3040 and < 0x3100 => DemoLanguage.Japanese,
        >= 0x3400 and < 0xA000 or >= 0x20000 and < 0x30000 => DemoLanguage.Chinese,
        >= 0xAC00 and < 0xD7B0 => DemoLanguage.Korean,
        _ => DemoLanguage.English,
    };

    private static string[] Words(string list) => list.Split(' ');
}
