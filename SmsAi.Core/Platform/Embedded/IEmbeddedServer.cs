namespace SmsAi.Core.Platform.Embedded;

/// <summary>A server this app started for itself, and stops (by disposal) when it ends.</summary>
internal interface IEmbeddedServer : IAsyncDisposable
{
    string Name { get; }

    int Port { get; }

    /// <summary>Whether it was already running, left by an app that was killed.</summary>
    bool Adopted { get; }

    Task<bool> IsRunningAsync(CancellationToken cancel);

    /// <summary>Starts it again, on the same port, after it has died.</summary>
    Task RestartAsync(CancellationToken cancel);
}
