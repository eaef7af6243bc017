using System.Diagnostics;
using System.Globalization;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>What a PostgreSQL server writes about itself into its data folder while it lives, and leaves there when it is killed.</summary>
internal sealed record PostmasterFile(int Pid, int Port)
{
    private const string Name = "postmaster.pid";

    public static PostmasterFile? Read(string data)
    {
        string file = Path.Combine(data, Name);
        string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        return lines.Length > 3
            && int.TryParse(lines[0], CultureInfo.InvariantCulture, out int pid)
            && int.TryParse(lines[3], CultureInfo.InvariantCulture, out int port)
            ? new PostmasterFile(pid, port)
            : null;
    }

    /// <summary>Whether the process is there and is a server on this folder: process ids are given again to others.</summary>
    public async Task<bool> IsServerOnAsync(string data, CancellationToken cancel)
    {
        string pid = Pid.ToString(CultureInfo.InvariantCulture);
        string line;
        if (OperatingSystem.IsLinux())
        {
            try
            {
                // Empty for a process that has ended and was not yet reaped.
                line = await File.ReadAllTextAsync($"/proc/{pid}/cmdline", cancel);
            }
            catch (IOException)
            {
                return false;
            }
        }
        else
        {
            using Process ps = Process.Start(new ProcessStartInfo("ps", ["-o", "command=", "-p", pid]) { RedirectStandardOutput = true })!;
            line = await ps.StandardOutput.ReadToEndAsync(cancel);
            await ps.WaitForExitAsync(cancel);
        }

        return line.Contains("postgres", StringComparison.Ordinal) && line.Contains(data, StringComparison.Ordinal);
    }

    public static void Delete(string data) => File.Delete(Path.Combine(data, Name));
}
