using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace SmsAi.Tests.Platform.Embedded;

/// <summary>An empty data folder for one test, which other accounts may pass; taken away at the end.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TestFolder : IDisposable
{
    public TestFolder(bool closed = false)
    {
        Above = Directory.CreateTempSubdirectory("smsai-embedded-").FullName;
        if (!closed)
        {
            OpenToOthers();
        }

        Data = Path.Combine(Above, ".data");
    }

    public string Above { get; }

    public string Data { get; }

    /// <summary>The processes that work in this folder, as a server does in its data.</summary>
    public IReadOnlyList<int> Processes => ProcessesOn(Above);

    /// <summary>The servers themselves; PostgreSQL's workers come and go.</summary>
    public IReadOnlyList<int> Servers => [FirstNumber("postgres/postmaster.pid"), FirstNumber("redis/redis.pid")];

    /// <summary>Waits until none is left: one that has ended may be seen a moment longer.</summary>
    public Task DesertedAsync() => Until.TrueAsync(() => Task.FromResult(Processes.Count == 0), () => $"no process is left; there are {string.Join(", ", Processes)}");

    private static IReadOnlyList<int> ProcessesOn(string folder) =>
        [.. Process.GetProcesses().Select(process => process.Id).Where(id => WorkingFolder(id).StartsWith(folder, StringComparison.Ordinal))];

    public void OpenToOthers() =>
        File.SetUnixFileMode(Above, File.GetUnixFileMode(Above) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    /// <summary>A test that kills an app leaves its servers behind; what a test says of them it has said by then.</summary>
    public void Dispose()
    {
        foreach (var id in Processes)
        {
            try
            {
                using var left = Process.GetProcessById(id);
                left.Kill();
                left.WaitForExit();
            }
            catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }

        Directory.Delete(Above, recursive: true);
    }

    private int FirstNumber(string file) => int.Parse(File.ReadLines(Path.Combine(Data, file)).First(), CultureInfo.InvariantCulture);

    private static string WorkingFolder(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/cwd").LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
