using System.Diagnostics.Metrics;
using Serilog.Core;
using Serilog.Events;

namespace SmsAi.Core.Platform.Logging;

/// <summary>
/// Gathers errors as they are logged, equal ones counted, until <see cref="FaultWriter"/> keeps them. Whoever logs waits for nothing but
/// another's count; what finds no room is counted as dropped.
/// </summary>
public sealed class FaultCollector : ILogEventSink
{
    /// <summary>How many different faults wait at most.</summary>
    internal const int Most = 500;

    private static readonly AsyncLocal<bool> Muted = new();
    private static readonly Counter<long> Dropped = LogServices.Meter.CreateCounter<long>("smsai.faults.dropped", description: "Errors that are only in the log files.");

    private readonly Lock _gate = new();
    private Dictionary<FaultKind, Fault> _waiting = [];
    private long _dropped;

    /// <summary>What is logged inside, down to the last call, is no fault to keep: keeping it would make the next.</summary>
    internal static bool IsMuted
    {
        get => Muted.Value;
        set => Muted.Value = value;
    }

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Error || IsMuted)
            return;
        var fault = new Fault(logEvent);
        lock (_gate)
            Add(fault);
    }

    /// <summary>All that waits, and how many were dropped since the last time.</summary>
    internal (IReadOnlyCollection<Fault> Faults, long Dropped) Take()
    {
        lock (_gate)
        {
            var taken = (_waiting.Values, _dropped);
            (_waiting, _dropped) = ([], 0);
            return taken;
        }
    }

    /// <summary>They could not be kept yet.</summary>
    internal void PutBack(IReadOnlyCollection<Fault> faults, long alreadyDropped)
    {
        lock (_gate)
        {
            _dropped += alreadyDropped;
            foreach (var fault in faults)
                Add(fault);
        }
    }

    private void Add(Fault fault)
    {
        if (_waiting.TryGetValue(fault.Kind, out var known))
            known.Add(fault);
        else if (_waiting.Count < Most)
            _waiting.Add(fault.Kind, fault);
        else
        {
            _dropped += fault.Count;
            Dropped.Add(fault.Count);
        }
    }
}
