using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>What one replica says about itself.</summary>
/// <param name="CpuPercent">Of the whole machine, since the last time.</param>
/// <param name="Connections">Open to it from outside: browsers, and Twilio's.</param>
public sealed record ReplicaFigures(
    string Version, double CpuPercent, long MemoryBytes, int Threads, int Connections, int Turns, int TurnsAtMost, long? DiskFreeBytes, long? DiskBytes);

/// <summary>Takes this process' measure.</summary>
public sealed class ReplicaMeter : IDisposable
{
    private readonly TurnSlots _turns;
    private readonly int _turnsAtMost;
    private readonly string _folder;
    private readonly MeterListener _listener = new();
    private long _connections;
    private TimeSpan _cpu;
    private long _at;

    public ReplicaMeter(TurnSlots turns, IOptions<QueueOptions> queue, string folder)
    {
        (_turns, _turnsAtMost, _folder) = (turns, queue.Value.TurnsAtOnce, folder);
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.AspNetCore.Server.Kestrel", Name: "kestrel.active_connections" })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _connections, change));
        _listener.Start();
        using var self = Process.GetCurrentProcess();
        (_cpu, _at) = (self.TotalProcessorTime, Stopwatch.GetTimestamp());
    }

    /// <summary>The program's version, with the first letters of its commit.</summary>
    public static string Version { get; } = VersionOf(Assembly.GetEntryAssembly());

    public ReplicaFigures Take()
    {
        using var self = Process.GetCurrentProcess();
        var (cpu, at) = (self.TotalProcessorTime, Stopwatch.GetTimestamp());
        var passed = Stopwatch.GetElapsedTime(_at, at) * Environment.ProcessorCount;
        var percent = passed > TimeSpan.Zero ? Math.Clamp((cpu - _cpu) / passed * 100, 0, 100) : 0;
        (_cpu, _at) = (cpu, at);
        var (free, size) = Disk(_folder);
        return new(
            Version, percent, self.WorkingSet64, self.Threads.Count, (int)Math.Max(0, Interlocked.Read(ref _connections)), _turns.Busy, _turnsAtMost, free, size);
    }

    public void Dispose() => _listener.Dispose();

    internal static string VersionOf(Assembly? program)
    {
        var full = program?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return full.IndexOf('+', StringComparison.Ordinal) is var plus and > 0 && full.Length > plus + 8 ? full[..(plus + 8)] : full;
    }

    private static (long? Free, long? Size) Disk(string folder)
    {
        try
        {
            var disk = new DriveInfo(folder);
            return (disk.AvailableFreeSpace, disk.TotalSize);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, null);
        }
    }
}
