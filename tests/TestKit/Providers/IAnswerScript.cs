namespace ChatGrpc.TestKit.Providers;

/// <summary>
/// One answer in a provider's wire format, piece after piece and framed as it is sent; so that a test need not know
/// which provider it is about.
/// </summary>
internal interface IAnswerScript
{
    /// <summary>Content type of a stream.</summary>
    string ContentType { get; }

    /// <summary>What comes before the first delta; empty where a stream begins with it.</summary>
    string Start();

    string Text(string delta);

    string Reasoning(string delta);

    /// <summary>A call, in as many pieces as the wire can send it in.</summary>
    string Call(ScriptedCall call);

    /// <summary>The body of an answer in one piece, with the usage of 9 and 12 tokens.</summary>
    string Whole(ScriptedAnswer answer);

    /// <summary>An error in a stream that began well.</summary>
    string Error(string message);

    /// <summary>An event of that JSON, whatever it is.</summary>
    string Event(string json);

    /// <summary>Why it finished and the usage of 9 and 12 tokens, with the end marker.</summary>
    /// <param name="reason">The provider's own word; null: the one for an answer that is whole.</param>
    string Finish(string? reason = null);
}
