using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>
/// The tool calls of one answer. They come in pieces, of which the first has the id and the name and the others have
/// the index only; what is allocated for a piece of arguments is its text.
/// </summary>
internal sealed class WireToolCalls(List<ModelEvent> events)
{
    private readonly List<(ModelToolCall Call, WireText Arguments)> _calls = [];

    /// <summary>Appends an event for a piece of a call, if it says something.</summary>
    /// <param name="id">Empty: not in this piece. Another than before: a new call, whatever its index.</param>
    /// <param name="name">Empty: not in this piece.</param>
    /// <param name="arguments">At a string; at nothing: none in this piece.</param>
    public void Add(int index, string id, string name, ref Utf8JsonReader arguments)
    {
        var at = Find(index);
        var isNews = true;
        if (at < 0 || IsAnother(id, _calls[at].Call.Id))
        {
            at = _calls.Count;
            _calls.Add((new(index, id, name), new()));
        }
        else if (id.Length > 0 || name.Length > 0)
        {
            // Late, or once more: some servers repeat both in every piece.
            var (known, text) = _calls[at];
            var whole = new ModelToolCall(
                index, id.Length > 0 ? id : known.Id, name.Length > 0 ? name : known.Name);
            isNews = whole != known;
            _calls[at] = (isNews ? whole : known, text);
        }
        else
        {
            isNews = false;
        }

        var (call, all) = _calls[at];
        var delta = arguments.TokenType == JsonTokenType.String ? all.Read(ref arguments) : "";
        if (isNews || delta.Length > 0)
        {
            events.Add(ModelEvent.ToolCall(call, delta));
        }
    }

    /// <summary>The answer is whole: what is still held of its arguments.</summary>
    public void Flush()
    {
        foreach (var (call, arguments) in _calls)
        {
            var delta = arguments.Flush();
            if (delta.Length > 0)
            {
                events.Add(ModelEvent.ToolCall(call, delta));
            }
        }
    }

    private static bool IsAnother(string id, string known) => id.Length > 0 && known.Length > 0 && id != known;

    // The last one: an index that a server uses again is the newer call's.
    private int Find(int index)
    {
        var at = _calls.Count - 1;
        while (at >= 0 && _calls[at].Call.Index != index)
        {
            at--;
        }

        return at;
    }
}
