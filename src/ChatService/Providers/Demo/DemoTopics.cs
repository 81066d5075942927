namespace ChatGrpc.Providers.Demo;

/// <summary>What the demo model knows about, in English: the service itself.</summary>
internal static class DemoTopics
{
    private const string Help =
        """
        I am the built-in demonstration model: no key, no network, the same answer to the same question. I am no \
        language model, but I can show you what this service does. Ask me about:

        - **streaming**, **cancel**, **resume**: how an answer travels
        - **sessions**: how a conversation is kept
        - **models** and **keys**: how to get a real model to answer
        - **usage** and **errors**: what the end of a stream tells
        - **Markdown**: a sample with a table and code
        - **languages**: write to me in German, French, Spanish, Chinese, Japanese, Arabic, Hindi and some more
        - "what did I say before?": what I remember

        A line such as `/demo tokens=100 rate=50` makes me produce exactly that, and `/demo fail=rate-limited` makes \
        me fail; docs/demo-model.md lists the rest.
        """;

    private const string Markdown =
        """
        ## A Markdown sample

        | event | says |
        |---|---|
        | `session_info` | which stream this is |
        | `token` | the next piece of *text* |
        | `stream_end` | that **nothing** is missing |

        1. Ask.
        2. Read while it is written.

        ```csharp
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            Console.Write(message.Token?.Text);
        }
        ```

        > Everything above came one word at a time. ✅
        """;

    /// <summary>Words or phrases in lower case, and the answer to a message with one of them; the first wins.</summary>
    private static readonly (string[] Words, string Answer)[] All =
    [
        (["markdown", "table", "code"], Markdown),
        (["resume", "reconnect", "interruption"],
            """
            Every event of an answer has a sequence number, counted from 1 without gaps, and belongs to a stream with \
            an id that `session_info` tells. The request's `resume` names both to read a stream again from where a \
            reader lost it; a service that does not have it yet says UNIMPLEMENTED. Either way the answer goes on \
            without its reader, and is saved in the session.
            """),
        (["cancel", "stop", "abort"],
            """
            CancelStream with the `stream_id` from `session_info` ends an answer at once, for everybody who reads it. \
            The connection to the model is closed, so that it stops generating; the text so far is saved; and the \
            reply tells the last sequence that exists. Closing a connection alone only ends the reading.
            """),
        (["stream", "streaming", "streamed", "token", "tokens"],
            """
            An answer is a stream of events: `session_info` first, then a `token` for each piece of text as soon as \
            the model has written it, `done` when the model has finished, `response_saved` when the answer is in the \
            store, and `stream_end` last, with a SHA-256 of the text that proves nothing is missing. Nothing waits \
            for a buffer to fill.
            """),
        (["session", "sessions", "conversation", "conversations", "history", "database"],
            """
            A session is a conversation. Send a `session_id` of your own, or none and take the one that \
            `session_info` tells; the next message with it goes on from there. Earlier messages go into the prompt, \
            40 of them unless `context_limit` says otherwise. Everything is saved, and is there after a restart.
            """),
        (["key", "keys", "openai", "configure", "configuration", "setup"],
            """
            For a real model start the service with OPENAI_API_KEY set. For any server that speaks OpenAI's chat \
            completions (vLLM, llama.cpp, LM Studio) set OPENAI_BASE_URL, such as http://localhost:8000/v1. \
            OPENAI_MODEL names the model. The start-up log says what was found, and which model is the default; \
            a key is never shown.
            """),
        (["model", "models", "gpt"],
            """
            A request names a model by its alias in the field `model`; without one it gets the default. I am `demo`, \
            always there. With OPENAI_API_KEY or OPENAI_BASE_URL set there is `openai` as well, and it becomes the \
            default; the setting Chat:DefaultModel chooses another.
            """),
        (["usage", "cost", "billing"],
            """
            `stream_end` tells the usage of every answer, however it ended: tokens of the prompt and of the answer, \
            the part of them that was cached or reasoning, and whether the provider measured them or the service \
            estimated them. Mine are exact: one delta, one token.
            """),
        (["error", "errors", "fail", "failure", "failures"],
            """
            What is wrong with a request is a gRPC status before the first event. What fails later is an `error` \
            event with a code, a stable reason such as PROVIDER_RATE_LIMITED and whether to try again, followed by \
            `stream_end`; the text so far is saved. Try `/demo tokens=20 fail=network after=10`.
            """),
        (["language", "languages", "unicode", "emoji"],
            """
            Text is never cut inside a character. Guten Tag, bonjour, buenos días, 你好, こんにちは, 안녕하세요, \
            مرحبًا, नमस्ते, здравствуйте 👋🏽🌍 — write to me in one of these languages and I answer in it.
            """),
        (["help", "who are you", "what are you", "what can you do", "what can i ask", "what can i do"], Help),
        (["hello", "hi", "hey", "good morning", "good evening", "good afternoon", "greetings"],
            """
            Hello! I am the demonstration model that is built into this service, and you are reading me as I write. \
            Ask "what can you do?", or set OPENAI_API_KEY and restart to talk to a real model.
            """),
        (["thanks", "thank you"], "You are welcome! Ask \"what can you do?\" for more."),
        (["bye", "goodbye"], "Goodbye! This session stays: its id brings you back to it."),
    ];

    /// <summary>The answer to a message about one of the topics, or null.</summary>
    /// <param name="words">As <see cref="DemoAnswers.WordsOf"/> makes them.</param>
    public static string? Find(string words)
    {
        foreach (var (keys, answer) in All)
        {
            if (keys.Any(key => words.Contains($" {key} ", StringComparison.Ordinal)))
            {
                // A backslash joins lines that the source breaks.
                return answer.Replace(" \\\n", " ", StringComparison.Ordinal);
            }
        }

        return null;
    }
}
