namespace ChatGrpc.Storage.Search;

/// <summary>
/// Syllables that are written as their pieces, composed as chapter 3.12 of the Unicode Standard has it: one text has
/// them whole, another one in pieces.
/// </summary>
internal static class Hangul
{
    private const int Lead = 0x1100;
    private const int Vowel = 0x1161;
    private const int Trail = 0x11A7;
    private const int Syllable = 0xAC00;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    /// <summary>What the two are together; null: two.</summary>
    public static char? Join(char first, char second)
    {
        var (lead, vowel) = (first - Lead, second - Vowel);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            return (char)(Syllable + (((lead * Vowels) + vowel) * Trails));
        }

        var (open, trail) = (first - Syllable, second - Trail);
        var isOpen = open is >= 0 and < Leads * Vowels * Trails && open % Trails == 0;
        return isOpen && trail is > 0 and < Trails ? (char)(first + trail) : null;
    }
}
