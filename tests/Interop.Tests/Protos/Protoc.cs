using System.Diagnostics;
using ChatGrpc.TestKit;

namespace Interop.Tests.Protos;

/// <summary>Debian's protoc over the protos that the tests have beside them.</summary>
internal static class Protoc
{
    /// <summary>Where the protos are.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "protos");

    /// <param name="arguments">What is made of the protos, and where to.</param>
    public static async Task RunAsync(params string[] arguments)
    {
        var files = Directory.EnumerateFiles(Folder, "*.proto", SearchOption.AllDirectories);
        using var protoc = Process.Start(new ProcessStartInfo(
            "/usr/bin/protoc", [$"--proto_path={Folder}", .. arguments, .. files])
        { RedirectStandardError = true })!;
        var complaints = await protoc.StandardError.ReadToEndAsync().InTime();
        await protoc.WaitForExitAsync().InTime();
        Assert.True(protoc.ExitCode == 0, $"protoc could not read the protos: {complaints}");
    }

    /// <summary>All protos and what they import, as a google.protobuf.FileDescriptorSet in base64.</summary>
    public static async Task<string> DescriptorsAsync()
    {
        using var folder = new TemporaryFolder();
        var descriptors = Path.Combine(folder.Path, "protos.binpb");
        await RunAsync("--include_imports", $"--descriptor_set_out={descriptors}");
        return Convert.ToBase64String(await File.ReadAllBytesAsync(descriptors));
    }
}
