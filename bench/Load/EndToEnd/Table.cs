namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>Figures by contender and name, printed as Markdown: a row a figure, a column a contender.</summary>
internal sealed class Table
{
    private readonly Dictionary<string, Dictionary<string, List<double>>> _rows = [];

    /// <summary>One round's figure; NaN, what nobody measured, is left out.</summary>
    public void Add(string column, string row, double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        _rows.TryAdd(row, []);
        _rows[row].TryAdd(column, []);
        _rows[row][column].Add(value);
    }

    public void Print(IReadOnlyList<string> columns)
    {
        Console.WriteLine($"| | {string.Join(" | ", columns)} |");
        Console.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", columns.Count + 1))}");
        foreach (var (row, values) in _rows)
        {
            var cells = columns.Select(column => values.TryGetValue(column, out var all) ? Summary.Of(all) : "");
            Console.WriteLine($"| {row} | {string.Join(" | ", cells)} |");
        }
    }
}
