using ChatGrpc.Model;

namespace ChatGrpc.Storage.Embedded;

/// <summary>The embedded store's folder, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    // What the systems say of a file that somebody else has locked: EWOULDBLOCK, ERROR_SHARING_VIOLATION.
    private const int HeldOnLinux = 11;
    private const int HeldOnMacOS = 35;
    private const int HeldOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "chat.db");

    /// <exception cref="StartupException">It cannot be written, or another process holds it.</exception>
    public static DataFolder Open(StorageOptions options)
    {
        var path = System.IO.Path.GetFullPath(options.Path.Length > 0 ? options.Path : DefaultPath());
        try
        {
            Create(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, failure);
        }

        var lockFile = System.IO.Path.Combine(path, "chat.lock");
        try
        {
            return new DataFolder(path, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw Unwritable(path, failure);
        }
        catch (IOException failure) when (failure.HResult is HeldOnLinux or HeldOnMacOS or HeldOnWindows)
        {
            throw new StartupException(
                $"Another process uses the data in {path}: stop it, or name another folder in Chat:Storage:Path.",
                failure);
        }
        catch (IOException failure)
        {
            throw Unwritable(path, failure);
        }
    }

    public void Dispose() => _lock.Dispose();

    public static StartupException Unwritable(string path, Exception failure) => new(
        $"The data folder {path} cannot be used ({failure.Message.TrimEnd('.')}): "
        + "mend that, or name another folder in Chat:Storage:Path.",
        failure);

    // Conversations are nobody's business but the service's.
    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string DefaultPath() => System.IO.Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "chatgrpc");
}
