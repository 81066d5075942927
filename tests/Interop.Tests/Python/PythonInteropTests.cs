using Interop.Tests.Cases;
using Interop.Tests.Server;

namespace Interop.Tests.Python;

/// <summary>Debian's python3-grpcio.</summary>
public sealed class PythonInteropTests(PythonInteropTests.Fixture client)
    : ClientTests(client), IClassFixture<PythonInteropTests.Fixture>
{
    public static TheoryData<string> Cases => AllBut();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Python_EachCase_FindsWhatGrpcPromises(string name) => CheckAsync(name);

    public sealed class Fixture : Connected
    {
        private PythonStubs? _stubs;

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _stubs?.Dispose();
        }

        private protected override async Task<IClientDriver> ConnectAsync(InteropServer server)
        {
            _stubs = await PythonStubs.GenerateAsync();
            return new DriverProcess(_stubs.Run("interop_client.py", server.Address.Authority));
        }
    }
}
