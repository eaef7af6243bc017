using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Stopping;

/// <summary>
/// This replica's eye on the switches: reads them every 100 ms and at once on news, lets no model call start on a reading older than 200 ms,
/// cancels those in flight, and tells the database what it saw.
/// </summary>
public sealed partial class SwitchWatch(Databases databases, StopSwitches switches, Replica replica, LiveFeed live, ILogger<SwitchWatch> logger)
    : BackgroundService, IAnswerGate
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GoodFor = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private Calls _calls = new();
    private Reading _reading = new(null, 0);
    private long _acknowledged = -1;
    private long _beatAt;
    private HeldTargets _held = HeldTargets.None;
    private long _heldAt;
    private volatile bool _isHeldStale = true;

    /// <summary>The newest reading, for screens; null before the first.</summary>
    public SwitchState? Latest => Volatile.Read(ref _reading).State;

    public string? ClosedBy
    {
        get
        {
            var reading = Volatile.Read(ref _reading);
            return reading.State is null || Stopwatch.GetElapsedTime(reading.At) > GoodFor ? "unknown" : reading.State.ModelClosedBy;
        }
    }

    /// <summary>Some hold is known here that keeps answers back.</summary>
    internal bool KnowsHolds => !ReferenceEquals(Volatile.Read(ref _held), HeldTargets.None);

    public bool IsHeld(Turn turn) => Volatile.Read(ref _held).Hold(turn);

    public ModelCallTicket Begin()
    {
        lock (_gate)
        {
            var calls = _calls;
            calls.InFlight++;
            return new ModelCallTicket(() => End(calls), calls.Stop.Token);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (replica.IdIfKnown is not 0 and var id)
        {
            try
            {
                await ExecuteAsync(StoppingSql.Leave, cancellationToken, new NpgsqlParameter<int> { TypedValue = id });
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                LogNotRead(logger, fault.GetType().Name);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new SemaphoreSlim(0, 1);
        await Task.WhenAll(
            SteadyWork.RunAsync(stopping => ListenAsync(wake, stopping), logger, stoppingToken), SteadyWork.RunAsync(stopping => WatchAsync(wake, stopping), logger, stoppingToken));
    }

    private async Task WatchAsync(SemaphoreSlim wake, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
                await wake.WaitAsync(Every, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                databases.Watch.BeginAnewAfter(fault);
                // The reading grows old by itself, and an old one starts no call.
                LogNotRead(logger, fault.GetType().Name);
                await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One reading and what follows from it.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        // Taken before the question: what is read may be older than the answer, never newer.
        var at = Stopwatch.GetTimestamp();
        await using var command = databases.Watch.CreateCommand(StoppingSql.Read);
        command.CommandTimeout = 1;
        var rows = await StopSwitches.ReadRowsAsync(command, cancel);
        var state = SwitchState.Of(rows);
        await ReadHoldsAsync(cancel);
        var before = Volatile.Read(ref _reading).State;
        Volatile.Write(ref _reading, new Reading(state, at));
        var cancelled = state.Kill.IsStopped || state.Ai.IsStopped ? CancelCalls() : 0;
        if (before is not null && before.Ver != state.Ver)
            live.Publish("controls");
        await TellAsync(state, cancelled, cancel);
        if (rows.Any(row => row is { Name: Switch.Pause, IsStopped: false, Until: not null }))
            await switches.EndPauseAsync(cancel);
    }

    /// <summary>At news and each second. The gate decides anyway; this only spares the model's call for what would wait.</summary>
    private async Task ReadHoldsAsync(CancellationToken cancel)
    {
        if (!_isHeldStale && Stopwatch.GetElapsedTime(_heldAt) < TimeSpan.FromSeconds(1))
            return;
        _isHeldStale = false;
        await using var command = databases.Watch.CreateCommand(HoldsSql.Answers);
        command.CommandTimeout = 1;
        await using var rows = await command.ExecuteReaderAsync(cancel);
        Volatile.Write(ref _held, await HeldTargets.OfAsync(rows, cancel));
        _heldAt = Stopwatch.GetTimestamp();
    }

    private int CancelCalls()
    {
        lock (_gate)
        {
            var calls = _calls;
            if (calls.InFlight == 0)
                return 0;
            _calls = new Calls();
            calls.Stop.Cancel();
            return calls.InFlight;
        }
    }

    private void End(Calls calls)
    {
        lock (_gate)
            calls.InFlight--;
    }

    private async Task TellAsync(SwitchState state, int cancelled, CancellationToken cancel)
    {
        var id = await replica.IdAsync(cancel);
        if (_acknowledged != state.Ver || cancelled > 0)
        {
            if (state.Ver > 0)
            {
                await ExecuteAsync(StoppingSql.Acknowledge, cancel, new NpgsqlParameter<long> { TypedValue = state.Ver },
                    new NpgsqlParameter<int> { TypedValue = id }, new NpgsqlParameter<int> { TypedValue = cancelled });
            }

            _acknowledged = state.Ver;
            _beatAt = 0;
            live.Publish("controls");
        }

        if (Stopwatch.GetElapsedTime(_beatAt) > TimeSpan.FromSeconds(1))
        {
            await ExecuteAsync(StoppingSql.Beat, cancel, new NpgsqlParameter<int> { TypedValue = id }, new NpgsqlParameter<long> { TypedValue = state.Ver },
                new NpgsqlParameter<string> { TypedValue = replica.Name });
            _beatAt = Stopwatch.GetTimestamp();
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = databases.Watch.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task ListenAsync(SemaphoreSlim wake, CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in live.ReadAsync(["controls"], stopping))
            {
                _isHeldStale = true;
                if (wake.CurrentCount == 0)
                    wake.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>The model calls that one stop would end; after a stop a new set begins.</summary>
    private sealed class Calls
    {
        public CancellationTokenSource Stop { get; } = new();

        public int InFlight { get; set; }
    }

    private sealed record Reading(SwitchState? State, long At);

    [LoggerMessage(2001, LogLevel.Warning, "The switches could not be read ({Fault}); no model call starts")]
    private static partial void LogNotRead(ILogger logger, string fault);
}
