using SmsAi.Core.Platform.Embedded;

namespace SmsAi.Tests.Platform.Embedded;

/// <summary>What <see cref="EmbeddedHost"/> starts: not a test, and run only when asked for by name.</summary>
public sealed class EmbeddedHostProcess
{
    [Fact(Explicit = true)]
    public async Task HostAsync()
    {
        string folder = Environment.GetEnvironmentVariable(EmbeddedHost.FolderVariable)!;
        await using EmbeddedServers servers = await EmbeddedHost.StartInsideAsync(folder, TextWriter.Null);
        await File.WriteAllTextAsync(EmbeddedHost.Ready(folder), "ready", TestContext.Current.CancellationToken);

        // Until it is killed.
        await Task.Delay(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }
}
