using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Platform.Embedded;

namespace SmsAi.Tests.Platform.Embedded;

/// <summary>An app with embedded servers in a process of its own, to be killed by the tests.</summary>
public sealed class EmbeddedHost : IDisposable
{
    public const string FolderVariable = "SMSAI_TESTS_EMBEDDED_FOLDER";

    private readonly Process _process;

    private EmbeddedHost(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<EmbeddedHost> StartAsync(string folder)
    {
        string tests = typeof(EmbeddedHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [tests, "-explicit", "only", "-method", $"{typeof(EmbeddedHostProcess).FullName}.{nameof(EmbeddedHostProcess.HostAsync)}"])
        {
            RedirectStandardOutput = true,
            Environment = { [FolderVariable] = folder },
        };
        var host = new EmbeddedHost(Process.Start(start)!);
        host._process.BeginOutputReadLine();
        await Until.TrueAsync(() => File.Exists(Ready(folder)), "the app is ready", 60);
        return host;
    }

    public static Task<EmbeddedServers> StartInsideAsync(string folder, TextWriter console, params (string Key, string Value)[] settings) =>
        EmbeddedServers.StartIfNeededAsync(Configuration(folder, settings), "/", console, TestContext.Current.CancellationToken);

    public static IConfiguration Configuration(string folder, params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
            .AddInMemoryCollection([new("Data:Folder", folder)])
            .Build();

    /// <summary>As by kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    public static string Ready(string folder) => Path.Combine(Path.GetDirectoryName(folder)!, "ready");
}
