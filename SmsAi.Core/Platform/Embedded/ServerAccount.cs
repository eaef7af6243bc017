using System.Diagnostics;
using System.Runtime.Versioning;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>
/// The account embedded servers run under: our own, or, since PostgreSQL refuses root, an unprivileged one when the app is root.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed record ServerAccount
{
    private const string AccountsFile = "/etc/passwd";

    private ServerAccount() { }

    /// <summary>Null when servers run under our own account.</summary>
    public string? Name { get; private init; }

    private string Group { get; init; } = "";

    public static ServerAccount Choose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerAccount();
        }

        string[][] accounts = [.. File.ReadLines(AccountsFile).Select(line => line.Split(':')).Where(fields => fields.Length > 3)];
        string[] chosen = Array.Find(accounts, fields => fields[0] == "postgres")
            ?? Array.Find(accounts, fields => fields[0] == "nobody")
            ?? throw new EmbeddedServerException("PostgreSQL cannot run as root, and there is neither an account postgres nor nobody to run it.");
        return new ServerAccount { Name = chosen[0], Group = chosen[3] };
    }

    /// <summary>Runs a program under the account, to its end; its output is for error messages.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, CancellationToken cancel, string? input = null)
    {
        string[] line = Name is null
            ? [program, .. arguments]
            : ["setpriv", "--reuid", Name, "--regid", Group, "--clear-groups", "--no-new-privs", program, .. arguments];
        return await RunAsOurselvesAsync(line, input, cancel);
    }

    /// <summary>Hands a file or folder over to the account.</summary>
    public async Task GiveAsync(string path, CancellationToken cancel)
    {
        if (Name is null)
        {
            return;
        }

        (int exitCode, string output) = await RunAsOurselvesAsync(["chown", "-R", $"{Name}:{Group}", path], null, cancel);
        if (exitCode != 0)
        {
            throw new EmbeddedServerException($"Could not hand {path} over to the account {Name}: {output}");
        }
    }

    /// <summary>Whether the account can enter the folder, which a closed folder anywhere above it forbids.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancel) =>
        Name is null || (await RunAsync("test", ["-x", folder], cancel)).ExitCode == 0;

    private static async Task<(int ExitCode, string Output)> RunAsOurselvesAsync(string[] line, string? input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Ours may be closed to the account.
            WorkingDirectory = "/",
        };
        foreach (string variable in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";

        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancel);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new EmbeddedServerException($"The program {start.FileName} could not be started: {exception.Message}", exception);
        }
    }
}
