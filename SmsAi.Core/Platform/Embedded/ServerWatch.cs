namespace SmsAi.Core.Platform.Embedded;

/// <summary>Starts an embedded server again when it dies under the running app, and stops them all at the end, the last started first.</summary>
internal sealed class ServerWatch(TextWriter console) : IAsyncDisposable
{
    private readonly List<IEmbeddedServer> _servers = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ended = new();
    private Task _watching = Task.CompletedTask;
    private int _disposals;

    public void Add(IEmbeddedServer server) => _servers.Add(server);

    public void Start()
    {
        _watching = Task.Run(WatchAsync);

        // The default of a SIGTERM before the host is there to handle it.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposals, 1) == 1)
        {
            await _ended.Task;
            return;
        }

        await _ending.CancelAsync();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        await _watching;
        for (int i = _servers.Count - 1; i >= 0; i--)
        {
            await _servers[i].DisposeAsync();
        }

        _ended.SetResult();
    }

    private void OnProcessExit(object? sender, EventArgs arguments) => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                foreach (IEmbeddedServer server in _servers)
                {
                    await CheckAsync(server);
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
        }
    }

    private async Task CheckAsync(IEmbeddedServer server)
    {
        if (await server.IsRunningAsync(_ending.Token))
        {
            return;
        }

        try
        {
            await console.WriteLineAsync($"{server.Name} has ended; starting it again.");
            await server.RestartAsync(_ending.Token);
        }
        catch (Exception exception) when (exception is EmbeddedServerException or IOException or UnauthorizedAccessException)
        {
            // The next tick tries again.
            await console.WriteLineAsync(exception.Message);
        }
    }
}
