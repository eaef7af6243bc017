namespace SmsAi.Core.Platform.Embedded;

/// <summary>Starts an embedded server again when it dies under the running app, and stops them all at the end, the last started first.</summary>
internal sealed class ServerWatch(TextWriter console) : IAsyncDisposable
{
    private readonly List<IEmbeddedServer> servers = [];
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource ended = new();
    private Task watching = Task.CompletedTask;
    private int disposals;

    public void Add(IEmbeddedServer server) => servers.Add(server);

    public void Start()
    {
        watching = Task.Run(WatchAsync);

        // The default of a SIGTERM before the host is there to handle it.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposals, 1) == 1)
        {
            await ended.Task;
            return;
        }

        await ending.CancelAsync();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        await watching;
        for (int i = servers.Count - 1; i >= 0; i--)
        {
            await servers[i].DisposeAsync();
        }

        ended.SetResult();
    }

    private void OnProcessExit(object? sender, EventArgs arguments) => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                foreach (IEmbeddedServer server in servers)
                {
                    await CheckAsync(server);
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
    }

    private async Task CheckAsync(IEmbeddedServer server)
    {
        if (await server.IsRunningAsync(ending.Token))
        {
            return;
        }

        try
        {
            await console.WriteLineAsync($"{server.Name} has ended; starting it again.");
            await server.RestartAsync(ending.Token);
        }
        catch (Exception exception) when (exception is EmbeddedServerException or IOException or UnauthorizedAccessException)
        {
            // The next tick tries again.
            await console.WriteLineAsync(exception.Message);
        }
    }
}
