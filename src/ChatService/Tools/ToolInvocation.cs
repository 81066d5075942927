using Chat.V1;

namespace ChatGrpc.Tools;

/// <summary>A call that the model made and the service has to run.</summary>
/// <param name="Call">Whole: with its id, its name and its arguments, which need not be JSON.</param>
/// <param name="Tool">Null: the model called what there is not.</param>
internal sealed record ToolInvocation(ToolCall Call, ToolEntry? Tool);
