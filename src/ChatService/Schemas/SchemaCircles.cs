namespace ChatGrpc.Schemas;

/// <summary>Finds schemas that ask themselves of the same value: a check of them would never end.</summary>
internal static class SchemaCircles
{
    /// <exception cref="SchemaException">There is one.</exception>
    public static void Refuse(IEnumerable<(SchemaNode Node, SchemaPlace Place)> nodes)
    {
        var done = new HashSet<SchemaNode>();
        foreach (var (node, place) in nodes)
        {
            if (LeadsBack(node, done))
            {
                throw place.Wrong("refers to itself without end");
            }
        }
    }

    // Not recursive: a chain of references can be as long as the schema.
    private static bool LeadsBack(SchemaNode start, HashSet<SchemaNode> done)
    {
        var onTheWay = new HashSet<SchemaNode>();
        var open = new Stack<(SchemaNode Node, bool IsLeft)>();
        open.Push((start, false));
        while (open.TryPop(out var step))
        {
            if (step.IsLeft)
            {
                _ = onTheWay.Remove(step.Node);
                _ = done.Add(step.Node);
            }
            else if (!done.Contains(step.Node))
            {
                if (!onTheWay.Add(step.Node))
                {
                    return true;
                }

                open.Push((step.Node, true));
                foreach (var next in step.Node.InPlace)
                {
                    open.Push((next, false));
                }
            }
        }

        return false;
    }
}
