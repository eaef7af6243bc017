using System.Diagnostics;
using System.Globalization;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>One app per data folder: the lock ends with the process that holds it, however that ends.</summary>
internal sealed class HostLock : IDisposable
{
    private const string LockFile = "host.lock";

    // Apart from the lock, which nobody else may open while it is held.
    private const string PidFile = "host.pid";

    private readonly FileStream _file;

    private HostLock(FileStream file) => _file = file;

    /// <summary>Null when another app holds the folder.</summary>
    public static async Task<HostLock?> TryTakeAsync(string folder, CancellationToken cancel)
    {
        // ./run looks at the lock for an instant, and an app that was just told to stop may still be at it.
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(1.5);)
        {
            try
            {
                var file = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                await File.WriteAllTextAsync(Path.Combine(folder, PidFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancel);
                return new HostLock(file);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
            {
                await Task.Delay(100, cancel);
            }
        }

        return null;
    }

    /// <summary>Who holds the folder, in words.</summary>
    public static string Holder(string folder)
    {
        string file = Path.Combine(folder, PidFile);
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out int pid)
            ? $"process {pid.ToString(CultureInfo.InvariantCulture)}"
            : "another process";
    }

    public void Dispose() => _file.Dispose();
}
