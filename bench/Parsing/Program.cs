using System.Globalization;
using ChatGrpc.Bench.Parsing;

// What it costs to make model events of a provider's bytes, beside the vendors' own libraries: in one process, the
// readers one after the other in each round.
const int WarmUps = 20;
const int Rounds = 5;
const int Tokens = 20_000;

var openAI = Wire.OpenAI(Tokens);
var anthropic = Wire.Anthropic(Tokens);
(string Name, Func<Task<int>> Read)[] readers =
[
    ("the reader alone: HttpClient, SseParser", () => Readers.AloneAsync(openAI)),
    ("ours, OpenAI's wire", () => Readers.OpenAIAsync(openAI)),
    ("OpenAI 2.15.0", () => Readers.OpenAISdkAsync(openAI)),
    ("the reader alone, Anthropic's wire", () => Readers.AloneAsync(anthropic)),
    ("ours, Anthropic's wire", () => Readers.AnthropicAsync(anthropic)),
    ("Anthropic 13.11.0, as IChatClient", () => Readers.AnthropicSdkAsync(anthropic)),
];

var figures = readers.ToDictionary(reader => reader.Name, _ => (Bytes: new List<double>(), Cpu: new List<double>()));
for (var round = -WarmUps; round < Rounds; round++)
{
    foreach (var (name, read) in readers)
    {
        var (bytes, cpu) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
        var seen = await read();
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        if (seen < Tokens)
        {
            throw new InvalidOperationException($"{name}: {seen} of {Tokens} tokens.");
        }

        // The first rounds let the JIT finish.
        if (round >= 0)
        {
            figures[name].Bytes.Add((double)bytes / Tokens);
            figures[name].Cpu.Add(cpu.TotalMicroseconds / Tokens);
        }
    }
}

Console.WriteLine("| 20,000 chunks | bytes allocated a chunk | CPU µs a chunk |");
Console.WriteLine("|---|---|---|");
foreach (var (name, (bytes, cpu)) in figures)
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {bytes.Order().ElementAt(Rounds / 2):N0} | {cpu.Order().ElementAt(Rounds / 2):N2} "
        + $"({cpu.Min():N2}-{cpu.Max():N2}) |"));
}
