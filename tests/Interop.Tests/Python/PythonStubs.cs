using System.Diagnostics;
using ChatGrpc.TestKit;

namespace Interop.Tests.Python;

/// <summary>Python's stubs, generated from the protos by Debian's protoc into a folder of their own.</summary>
internal sealed class PythonStubs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private PythonStubs()
    {
    }

    public string Folder => _folder.Path;

    public static async Task<PythonStubs> GenerateAsync()
    {
        var stubs = new PythonStubs();
        var protos = Path.Combine(AppContext.BaseDirectory, "protos");
        string[] arguments =
        [
            $"--proto_path={protos}",
            $"--python_out={stubs.Folder}",
            $"--grpc_python_out={stubs.Folder}",
            "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin",
            .. Directory.EnumerateFiles(protos, "*.proto", SearchOption.AllDirectories),
        ];
        using var protoc = Process.Start(
            new ProcessStartInfo("/usr/bin/protoc", arguments) { RedirectStandardError = true })!;
        var complaints = await protoc.StandardError.ReadToEndAsync().InTime();
        await protoc.WaitForExitAsync().InTime();
        Assert.True(protoc.ExitCode == 0, $"protoc could not generate Python's stubs: {complaints}");
        return stubs;
    }

    public void Dispose() => _folder.Dispose();
}
