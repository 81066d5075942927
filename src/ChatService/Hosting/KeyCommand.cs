using ChatGrpc.Model;
using ChatGrpc.Security;

namespace ChatGrpc.Hosting;

/// <summary>keys new NAME [--tenant T]: makes a key. Nothing is kept of it; what it prints is all there is.</summary>
internal static class KeyCommand
{
    public const string Name = "keys";

    private const string Form = "keys new NAME [--tenant TENANT]";

    public static void Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        var (name, tenant) = arguments switch
        {
            ["new", var only] => (only, ""),
            ["new", var first, "--tenant", var second] => (first, second),
            ["new", var first, ['-', '-', 't', 'e', 'n', 'a', 'n', 't', '=', .. var second]] => (first, second),
            _ => throw new StartupException($"Make a key with: {Form}"),
        };
        Require(name, "NAME");
        var settings = $"--Chat:Keys:{name}:Hash=";
        var key = ApiKey.Create();
        settings += ApiKey.HashSetting(key);
        if (tenant.Length > 0 || arguments.Count > 2)
        {
            Require(tenant, "TENANT");
            settings += $" --Chat:Keys:{name}:Tenant={tenant}";
        }

        output.WriteLine("The key, for whoever calls; it is shown this once:");
        output.WriteLine();
        output.WriteLine($"  {key}");
        output.WriteLine();
        output.WriteLine("The settings that let it in; they are no secret, and may stand in a file as well:");
        output.WriteLine();
        output.WriteLine($"  {settings}");
    }

    private static void Require(string text, string what)
    {
        if (!KeyRing.IsName(text))
        {
            throw new StartupException($"{what} takes 1 to 64 of A-Z a-z 0-9 . _ -, as in {Form}");
        }
    }
}
