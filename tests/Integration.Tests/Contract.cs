using Chat.V1;
using Google.Protobuf.Reflection;

namespace Integration.Tests;

/// <summary>All of chat.v1, as its generated code describes it: what is new in the protos is here by itself.</summary>
internal static class Contract
{
    public static IReadOnlyList<MethodDescriptor> Methods { get; } =
    [
        .. from type in typeof(ChatReflection).Assembly.GetTypes()
           where type.Namespace == typeof(ChatReflection).Namespace
           where type.Name.EndsWith("Reflection", StringComparison.Ordinal)
           let file = (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!
           from service in file.Services
           from method in service.Methods
           select method,
    ];

    public static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
