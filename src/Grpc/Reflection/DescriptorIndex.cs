using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Finds the files that declare what a set of services speaks of.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);

    public DescriptorIndex(IEnumerable<ServiceDescriptor> services)
    {
        Services = [.. services.OrderBy(service => service.FullName, StringComparer.Ordinal)];
        foreach (var service in Services)
        {
            Add(service.File);
        }
    }

    public IReadOnlyList<ServiceDescriptor> Services { get; }

    public FileDescriptor? FindFile(string name) => _files.GetValueOrDefault(name);

    /// <param name="name">Fully qualified, of a message, enum, value, field, service or method.</param>
    public FileDescriptor? FindSymbol(string name) => _symbols.GetValueOrDefault(name.TrimStart('.'));

    public bool IsMessage(string name) => FindSymbol(name) is { } file
        && file.MessageTypes.SelectMany(WithNested).Any(message => message.FullName == name.TrimStart('.'));

    /// <summary>A file and all that it imports, the imported ones first.</summary>
    public static IEnumerable<ByteString> WithImports(FileDescriptor file)
    {
        var files = new List<FileDescriptor>();
        Collect(file, files);
        return files.Select(each => each.SerializedData);
    }

    private static void Collect(FileDescriptor file, List<FileDescriptor> files)
    {
        foreach (var imported in file.Dependencies)
        {
            Collect(imported, files);
        }

        if (!files.Contains(file))
        {
            files.Add(file);
        }
    }

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var name in NamesIn(file))
        {
            _symbols.TryAdd(name, file);
        }

        foreach (var imported in file.Dependencies)
        {
            Add(imported);
        }
    }

    private static IEnumerable<string> NamesIn(FileDescriptor file)
    {
        var messages = file.MessageTypes.SelectMany(WithNested).ToArray();
        return messages.Select(message => message.FullName)
            .Concat(messages.SelectMany(message => message.Fields.InDeclarationOrder()).Select(field => field.FullName))
            .Concat(file.EnumTypes.Concat(messages.SelectMany(message => message.EnumTypes)).SelectMany(NamesIn))
            .Concat(file.Services.Select(service => service.FullName))
            .Concat(file.Services.SelectMany(service => service.Methods).Select(method => method.FullName));
    }

    private static IEnumerable<string> NamesIn(EnumDescriptor type) =>
        type.Values.Select(value => value.FullName).Prepend(type.FullName);

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(WithNested).Prepend(message);
}
