using System.Reflection;
using System.Runtime.InteropServices;
using ChatGrpc.Model;
using SQLitePCL;

namespace ChatGrpc.Storage.Embedded;

/// <summary>
/// Takes SQLite from the operating system, which patches it (docs/adr/0003-sqlite-from-the-system.md).
/// </summary>
internal static class SqliteLibrary
{
    private static readonly Lock Gate = new();
    private static bool _loaded;

    public static void Load()
    {
        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
            try
            {
                raw.SetProvider(new SQLite3Provider_e_sqlite3());
            }
            catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException)
            {
                throw new StartupException(
                    "The embedded store needs SQLite, and this system has none: install libsqlite3-0 "
                    + "(Debian, Ubuntu) or sqlite-libs (Fedora, Alpine).",
                    missing);
            }

            _loaded = true;
        }
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3")
        {
            return IntPtr.Zero;
        }

        string[] candidates = OperatingSystem.IsWindows() ? ["winsqlite3.dll"]
            : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"]
            : ["libsqlite3.so.0"];
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(candidates[0]);
    }
}
