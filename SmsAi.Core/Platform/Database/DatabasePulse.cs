using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Platform.Database;

/// <summary>
/// Asks the database once a second whether it is there, on the road's own pool, so that "there" means "free for the next text".
/// Whoever has something to make up for waits for its return.
/// </summary>
public sealed partial class DatabasePulse(Databases databases, Schema schema, ILogger<DatabasePulse> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private volatile bool _isUp;
    private volatile bool _wasAsked;
    private int _returns;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last question was answered within a second.</summary>
    public bool IsUp => _isUp;

    /// <summary>There was a question.</summary>
    public bool WasAsked => _wasAsked;

    /// <summary>How long the last answer took.</summary>
    public TimeSpan Latency { get; private set; }

    /// <summary>How often the database, with this program's schema, has come (back) after it was away or not asked yet.</summary>
    public int Returns => Volatile.Read(ref _returns);

    /// <summary>Completes once there were more returns than the caller has seen.</summary>
    public async Task WaitForReturnAsync(int seen, CancellationToken cancel)
    {
        while (true)
        {
            // Taken before the count is read, so that a return in between is not missed.
            var coming = Volatile.Read(ref _next).Task;
            if (Returns > seen)
                return;
            await coming.WaitAsync(cancel);
        }
    }

    /// <summary>Asks now; true when it answers within a second.</summary>
    public async Task<bool> AskAsync(CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            // A frozen server doesn't react to cancellation either, so the wait itself ends.
            await PingAsync(patience.Token).WaitAsync(Patience, cancel);
            Latency = Stopwatch.GetElapsedTime(started);
            return true;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // Whatever it was: it didn't answer.
            return false;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            do
            {
                Note(schema.IsReady && await AskAsync(stoppingToken));
            }
            while (await second.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private void Note(bool answers)
    {
        var before = _isUp;
        _isUp = answers;
        _wasAsked = true;
        if (answers == before)
            return;
        if (answers)
        {
            Interlocked.Increment(ref _returns);
            Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            LogBack();
        }
        else
            LogAway();
    }

    private async Task PingAsync(CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancel);
    }

    [LoggerMessage(9020, LogLevel.Warning, "The database does not answer within a second")]
    private partial void LogAway();

    [LoggerMessage(9021, LogLevel.Information, "The database answers")]
    private partial void LogBack();
}
