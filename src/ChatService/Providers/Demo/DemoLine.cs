namespace ChatGrpc.Providers.Demo;

/// <summary>Cuts the line of a directive into its words. JSON in braces belongs to its word, blanks and all.</summary>
internal static class DemoLine
{
    public static List<string> Words(string line)
    {
        var words = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            var end = End(line, at);
            words.Add(line[at..end]);
            at = end;
        }

        return words;
    }

    // A brace that is never closed takes the rest of the line: it is no JSON, and told to be wrong there.
    private static int End(string line, int at)
    {
        var (depth, isInString) = (0, false);
        for (; at < line.Length; at++)
        {
            var unit = line[at];
            if (depth == 0 && char.IsWhiteSpace(unit))
            {
                break;
            }

            if (isInString && unit == '\\')
            {
                at++;
            }
            else if (unit == '"' && depth > 0)
            {
                isInString = !isInString;
            }
            else if (!isInString)
            {
                depth += unit switch { '{' => 1, '}' => -1, _ => 0 };
            }
        }

        return Math.Min(at, line.Length);
    }
}
