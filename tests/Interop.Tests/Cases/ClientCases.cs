using System.Security.Cryptography;

namespace Interop.Tests.Cases;

/// <summary>What the specifications of gRPC and gRPC-Web promise, case by case: the same for every client.</summary>
internal static class ClientCases
{
    private const int MiB = 1024 * 1024;

    // Emoji with joiners, a flag, Chinese, right to left, a combining accent, a letter beyond 16 bits.
    private const string Unicode = "👩‍👩‍👧 🇪🇺 你好，世界 שלום عالم é ก็ 𝒳 \u200f.";

    // What a header must not hold as it is: controls, the escape itself, and what only looks like an escape.
    private const string Awkward = "100 % sure, %41, \t tab, \r\n new line, \"quoted\" \\ " + Unicode;

    private static readonly object[] Details =
    [
        new { type = "google.rpc.ErrorInfo", reason = "ASKED_FOR", domain = "interop.example",
            metadata = new { who = "客户" } },
        new { type = "google.rpc.BadRequest",
            fieldViolations = new[] { new { field = "failure.code", description = "It is set. 🙂" } } },
    ];

    private static readonly ClientCase[] Unary =
    [
        new("unary", "echo", _ => new { text = "Hello" }, new { code = "OK", text = "Hello" }),
        new("unicode text", "echo", _ => new { text = Unicode }, new { code = "OK", text = Unicode }),
        new("unicode status", "echo",
            _ => new { text = "", failure = new { code = 5, message = Awkward } },
            new { code = "NOT_FOUND", message = Awkward }),
        new("every code", "everyCode", _ => new { message = "as asked" }, new { codes = Codes("as asked") }),
        new("error details", "echo",
            _ => new { text = "", failure = new { code = 3, message = Unicode, details = true } },
            new { code = "INVALID_ARGUMENT", message = Unicode, details = Details }),
        new("3 MiB each way", "echo", _ => new { text = "", payloadSize = 3 * MiB }, Received(3 * MiB)),
        new("message above the limit", "echo",
            _ => new { text = "", payloadSize = 5 * MiB }, new { code = "RESOURCE_EXHAUSTED" }),
        new("unknown method", "absent", _ => new { method = "Absent" }, new { code = "UNIMPLEMENTED" }),
        new("unknown service", "absent", _ => new { method = "Call" }, new { code = "UNIMPLEMENTED" }),
    ];

    private static readonly ClientCase[] Metadata =
    [
        new("metadata", "echo",
            _ => new { text = "", metadata = Pairs("interop-text", "plain words, and = more") },
            EachWay("interop-text", "plain words", "and = more")),
        new("binary metadata", "echo",
            _ => new { text = "", metadata = Pairs("interop-bytes-bin", "00fffe0a0d2c80") },
            EachWay("interop-bytes-bin", "00fffe0a0d2c80")),
        new("empty binary metadata", "echo",
            _ => new { text = "", metadata = Pairs("interop-empty-bin", "") }, EachWay("interop-empty-bin", "")),
        new("doubled metadata", "echo",
            _ => new { text = "", metadata = Pairs("interop-twice", "one", "two") },
            EachWay("interop-twice", "one", "two")),
        new("doubled binary metadata", "echo",
            _ => new { text = "", metadata = Pairs("interop-twice-bin", "00", "ff7f") },
            EachWay("interop-twice-bin", "00", "ff7f")),
        new("metadata of a failure", "echo",
            _ => new { metadata = Pairs("interop-text", "why"), failure = new { code = 9, message = "No." } },
            new { code = "FAILED_PRECONDITION", message = "No.", trailers = Named("interop-text", "why") }),
    ];

    private static readonly ClientCase[] Streams =
    [
        new("stream", "script",
            id => new { request = new { callId = id, messages = 1000 } },
            new { code = "OK", indexes = Enumerable.Range(0, 1000) }),
        new("empty stream", "script",
            id => new { request = new { callId = id } }, new { code = "OK", indexes = Array.Empty<int>() }),
        new("failure in place of a stream", "script",
            id => new { request = new
                { callId = id, failure = new { code = 7, message = "Not you.", details = true } } },
            new { code = "PERMISSION_DENIED", message = "Not you.", indexes = Array.Empty<int>(), details = Details }),
        new("failure after messages", "script",
            id => new { request = new
                { callId = id, messages = 3, failure = new { code = 8, message = Awkward, details = true } } },
            new { code = "RESOURCE_EXHAUSTED", message = Awkward, indexes = new[] { 0, 1, 2 }, details = Details }),

        // The receipt of each message is what lets the server send the next one: nothing on the way waits for more.
        new("lock-step", "script",
            id => new { request = new { callId = id, messages = 100, lockStep = true } },
            new { code = "OK", indexes = Enumerable.Range(0, 100) }),
        new("headers before the first message", "script",
            id => new { request = new { callId = id, messages = 1, headersFirst = true } },
            new { code = "OK", indexes = new[] { 0 } }),
        new("failure in lock-step", "script",
            id => new { request = new
                { callId = id, messages = 5, lockStep = true, failure = new { code = 14, message = "Gone." } } },
            new { code = "UNAVAILABLE", message = "Gone.", indexes = Enumerable.Range(0, 5) }),
        new("cancel", "script",
            id => new { request = new { callId = id, messages = 1, hold = true }, cancelAfter = 1, observe = true },
            new { code = "CANCELLED", indexes = new[] { 0 }, server = new { cancelled = true, hasDeadline = false } }),
        new("deadline", "script",
            id => new { request = new { callId = id, messages = 1, hold = true }, timeoutMs = 1000, observe = true },
            new { code = "DEADLINE_EXCEEDED", indexes = new[] { 0 },
                server = new { cancelled = true, hasDeadline = true } }),
        new("deadline before the headers", "script",
            id => new { request = new { callId = id, hold = true }, timeoutMs = 1000, observe = true },
            new { code = "DEADLINE_EXCEEDED", server = new { cancelled = true, hasDeadline = true } }),
        new("deadline that is kept", "echo",
            _ => new { text = "in time", timeoutMs = 20_000 }, new { code = "OK", text = "in time" }),
        new("100 streams on a connection", "many",
            id => new { callId = id, streams = 100, messages = 3 },
            new { codes = new[] { "OK" }, received = 300, connections = 1 }),
    ];

    public static IReadOnlyList<ClientCase> All { get; } = [.. Unary, .. Metadata, .. Streams];

    private static string[] Codes(string message) =>
    [
        .. new[]
        {
            "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
            "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
            "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
        }.Select(code => $"{code} {message}"),
    ];

    private static string[][] Pairs(string name, params string[] values) =>
        [.. values.Select(value => new[] { name, value })];

    private static Dictionary<string, string[]> Named(string name, params string[] values) => new() { [name] = values };

    /// <summary>The server saw the values, and the client found them in the headers and in the trailers.</summary>
    private static object EachWay(string name, params string[] values)
    {
        var expected = Named(name, values);
        return new { code = "OK", seen = expected, headers = expected, trailers = expected };
    }

    private static object Received(int size)
    {
        // As payload() in facts.mjs makes it.
        var bytes = Enumerable.Range(0, size).Select(i => (byte)((i * 31) + (i >> 8))).ToArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return new { code = "OK", payload = new { size, sha256 }, payloadSha256AtServer = sha256 };
    }
}
