using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;

namespace Interop.Tests.Python;

/// <summary>A service process on data of its own, and Python to call it.</summary>
internal sealed class PythonDeployment : IAsyncDisposable
{
    private readonly TemporaryFolder _data;
    private readonly PythonStubs _stubs;
    private readonly ServiceProcess _service;

    private PythonDeployment(TemporaryFolder data, PythonStubs stubs, ServiceProcess service)
    {
        _data = data;
        _stubs = stubs;
        _service = service;
    }

    public static async Task<PythonDeployment> StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var stubs = await PythonStubs.GenerateAsync();
        var data = new TemporaryFolder();
        return new PythonDeployment(data, stubs, await ServiceProcess.StartAsync(data.Path, environment: environment));
    }

    public PythonCall Start(string method, object request, string? deadline = null) =>
        PythonCall.Start(_stubs, _service.Address, method, request, deadline);

    /// <summary>A call to its end.</summary>
    public async Task<PythonCall> CallAsync(string method, object request, string? deadline = null)
    {
        var call = Start(method, request, deadline);
        await call.ToEndAsync();
        return call;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _stubs.Dispose();
        _data.Dispose();
        Assert.DoesNotContain("fail: ", _service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit: ", _service.Output, StringComparison.Ordinal);
    }
}
