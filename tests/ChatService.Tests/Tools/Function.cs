using Microsoft.Extensions.AI;

namespace ChatGrpc.Tests.Tools;

/// <summary>A function that does what a test says.</summary>
internal sealed class Function(
    string name, Func<AIFunctionArguments, CancellationToken, ValueTask<object?>> run) : AIFunction
{
    public override string Name => name;

    public static Function Returning(string name, object? value) => new(name, (_, _) => new(value));

    protected override ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken) => run(arguments, cancellationToken);
}
