using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Drives one reader for as long as the replica lives: wait, pass, and what to do when a pass fails.</summary>
internal sealed partial class LedgerReaderLoop(NpgsqlDataSource database, ILedgerReader reader, LedgerWindow window, ILogger logger) : IDisposable
{
    internal const int FullBatch = 4000;
    internal static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    // About once a second, and not quite the idle wait, which news may end.
    private static readonly TimeSpan UsualPace = TimeSpan.FromMilliseconds(900);
    // What a batch is meant to have at full load: greater ones live so long that collecting them is dear, and come down on the road like a hammer.
    private const int GoodBatch = 1000;
    private static readonly TimeSpan ShortestPace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    private readonly LedgerPass _pass = new(database, reader, window);
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly TimeSpan _pace = (reader as ILedgerFollower)?.Pace ?? UsualPace;
    private TimeSpan _backOff = ShortestBackOff;
    private long _batchAt = Stopwatch.GetTimestamp();
    private int _limit = FullBatch;
    private bool _skip;
    private int _skipped;

    /// <summary>There may be something to read. Many calls between two passes are one.</summary>
    public void Wake()
    {
        lock (_news)
        {
            if (_news.CurrentCount == 0)
                _news.Release();
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var wait = await StepAsync(cancel);
            // News end the idle wait, and nothing else: what follows a batch or a fault keeps its pace.
            if (wait == Poll)
                await _news.WaitAsync(Poll, cancel);
            else if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancel);
        }
    }

    /// <summary>One pass; returns how long to wait before the next.</summary>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        try
        {
            var limit = _limit;
            var result = await _pass.RunOnceAsync(limit, _skip, cancel);
            if (result.Applied > 0)
                return _skip ? AfterSkip() : AfterBatch(result.Applied, limit);
            return result.MoreSoon ? _pace : Poll;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (ReaderFaultException fault)
        {
            LogRefused(logger, fault.InnerException, reader.Name, fault.Events);
            // Halved until the bad event stands alone; then it is left out, and the rest goes on.
            _skip = fault.Events == 1;
            _limit = Math.Max(1, fault.Events / 2);
            return TimeSpan.Zero;
        }
        catch (Exception fault)
        {
            database.BeginAnewAfter(fault);
            var wait = BackOff();
            LogFailed(logger, reader.Name, Reason(fault), wait.TotalSeconds);
            return wait;
        }
    }

    public void Dispose() => _news.Dispose();

    private TimeSpan AfterBatch(int applied, int limit)
    {
        _limit = Math.Min(FullBatch, _limit * 2);
        _backOff = ShortestBackOff;
        _skipped = 0;
        var took = Stopwatch.GetElapsedTime(_batchAt);
        _batchAt = Stopwatch.GetTimestamp();
        return applied == limit ? TimeSpan.Zero : PaceAfter(applied, took);
    }

    // As long as a good batch takes to come, at the speed of the last.
    private TimeSpan PaceAfter(int applied, TimeSpan took)
    {
        var wait = took * ((double)GoodBatch / applied);
        if (wait < ShortestPace)
            wait = ShortestPace;
        return wait < _pace ? wait : _pace;
    }

    // A reader that refuses every event is broken, not its events: it loses two a minute, not all, until somebody looks.
    private TimeSpan AfterSkip()
    {
        _skip = false;
        return ++_skipped < 3 ? TimeSpan.Zero : BackOff();
    }

    private TimeSpan BackOff()
    {
        var wait = _backOff;
        _backOff = _backOff * 2 < LongestBackOff ? _backOff * 2 : LongestBackOff;
        return wait;
    }

    private static string Reason(Exception fault) => fault is PostgresException postgres ? postgres.SqlState : fault.GetType().Name;

    [LoggerMessage(1601, LogLevel.Warning, "The ledger reader {Reader} did not finish its batch ({Reason}); it tries again in {Seconds} s")]
    private static partial void LogFailed(ILogger logger, string reader, string reason, double seconds);

    [LoggerMessage(1602, LogLevel.Error, "The ledger reader {Reader} could not apply {Events} events; the batch is halved, a single event is left out")]
    private static partial void LogRefused(ILogger logger, Exception? fault, string reader, int events);
}
