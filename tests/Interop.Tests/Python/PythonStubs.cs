using System.Diagnostics;
using ChatGrpc.TestKit;
using Interop.Tests.Protos;

namespace Interop.Tests.Python;

/// <summary>Python's stubs, generated from the protos by Debian's protoc into a folder of their own.</summary>
internal sealed class PythonStubs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private PythonStubs()
    {
    }

    public static async Task<PythonStubs> GenerateAsync()
    {
        var stubs = new PythonStubs();
        await Protoc.RunAsync(
            $"--python_out={stubs._folder.Path}",
            $"--grpc_python_out={stubs._folder.Path}",
            "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin");
        return stubs;
    }

    /// <summary>A script of this folder, about to run with the stubs at hand.</summary>
    public ProcessStartInfo Run(string script, params IEnumerable<string> arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Python", script);
        var start = new ProcessStartInfo("/usr/bin/python3", [path, .. arguments]);
        start.Environment["PYTHONPATH"] = _folder.Path;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return start;
    }

    public void Dispose() => _folder.Dispose();
}
