using Microsoft.Extensions.Logging;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// Holds every send while the carrier refuses our account: no text has failed then, and asking on would only lock the account.
/// One text is let through each half minute, to find out whether it is mended.
/// </summary>
public sealed partial class CarrierCircuit(TimeProvider time, ILogger<CarrierCircuit> logger)
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Opening? _opening;
    private long _probedAt;

    /// <summary>Why and since when sends are held; null while they flow.</summary>
    public Opening? Open => Volatile.Read(ref _opening);

    /// <summary>How many of the wanted texts may go: all, none, or the one that probes.</summary>
    public int Allow(int wanted)
    {
        if (Volatile.Read(ref _opening) is null || wanted <= 0)
            return wanted;
        lock (_gate)
        {
            if (_opening is null)
                return wanted;
            if (time.GetElapsedTime(_probedAt) < BetweenProbes)
                return 0;
            _probedAt = time.GetTimestamp();
            return 1;
        }
    }

    /// <summary>How long until a probe may go; zero while sends flow.</summary>
    public TimeSpan UntilNext()
    {
        lock (_gate)
        {
            if (_opening is null)
                return TimeSpan.Zero;
            var left = BetweenProbes - time.GetElapsedTime(_probedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Learns from an answer. It opens at the first refusal of our account; any answer about a text itself closes it.</summary>
    public void Observe(SendResult result)
    {
        switch (result)
        {
            case SendResult.ConfigurationFault fault:
                Shut(fault);
                break;
            // Only an answer that needed a valid account proves that it is valid again.
            case SendResult.Accepted or SendResult.Refused when Volatile.Read(ref _opening) is not null:
                lock (_gate)
                    _opening = null;
                LogClosed(logger);
                break;
        }
    }

    private void Shut(SendResult.ConfigurationFault fault)
    {
        lock (_gate)
        {
            _probedAt = time.GetTimestamp();
            if (_opening is not null)
                return;
            _opening = new Opening(fault.Code, fault.Message, time.GetUtcNow());
        }
        LogOpened(logger, fault.Code, fault.Message);
    }

    /// <summary>What the carrier said when the circuit opened.</summary>
    public sealed record Opening(int Code, string Message, DateTimeOffset Since);

    [LoggerMessage(1401, LogLevel.Critical, "The carrier refuses our account (code {Code}: {Message}); every send is held")]
    private static partial void LogOpened(ILogger logger, int code, string message);

    [LoggerMessage(1402, LogLevel.Warning, "The carrier takes our texts again; sends flow")]
    private static partial void LogClosed(ILogger logger);
}
