using Microsoft.Extensions.Logging;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// Holds every send while the carrier refuses our account or can't be reached: no text has failed then, and none is used up by asking.
/// One text is let through now and then to find out whether it is mended: each half minute at a refused account, which asking on would
/// only lock, and after one second, doubling up to half a minute, at a carrier out of reach.
/// </summary>
public sealed partial class CarrierCircuit(TimeProvider time, ILogger<CarrierCircuit> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Opening? _opening;
    private TimeSpan _wait;
    private long _askedAt;
    private bool _isProbing;

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
            if (time.GetElapsedTime(_askedAt) < _wait)
                return 0;
            (_askedAt, _isProbing) = (time.GetTimestamp(), true);
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
            var left = _wait - time.GetElapsedTime(_askedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Learns from an answer. It opens at the first refusal of our account, or of a connection; only an answer that proves the opposite closes it.</summary>
    public void Observe(SendResult result)
    {
        switch (result)
        {
            case SendResult.ConfigurationFault fault:
                Shut(new Opening(CarrierTrouble.RefusesAccount, fault.Code, fault.Message, time.GetUtcNow()));
                break;
            case SendResult.NotSent unsent:
                Shut(new Opening(CarrierTrouble.OutOfReach, 0, unsent.Reason, time.GetUtcNow()));
                break;
            // It was reached; only an answer that needed a valid account proves that it is valid again.
            case SendResult.Throttled when Volatile.Read(ref _opening) is { Trouble: CarrierTrouble.OutOfReach }:
            case SendResult.Accepted or SendResult.Refused when Volatile.Read(ref _opening) is not null:
                lock (_gate)
                    _opening = null;
                LogClosed(logger);
                break;
        }
    }

    private void Shut(Opening found)
    {
        lock (_gate)
        {
            // What was on its way when it opened says nothing new; neither does "out of reach" of an account that is refused.
            if (_opening is { } known && known.Trouble >= found.Trouble)
            {
                if (!_isProbing)
                    return;
                (_isProbing, _askedAt) = (false, time.GetTimestamp());
                _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
                return;
            }

            _opening = found;
            _wait = found.Trouble == CarrierTrouble.RefusesAccount ? LongestWait : FirstWait;
            (_isProbing, _askedAt) = (false, time.GetTimestamp());
        }

        if (found.Trouble == CarrierTrouble.RefusesAccount)
            LogRefused(logger, found.Code, found.Message);
        else
            LogOutOfReach(logger, found.Message);
    }

    /// <summary>What was found when the circuit opened. <paramref name="Code"/> is the carrier's, zero where it said nothing.</summary>
    public sealed record Opening(CarrierTrouble Trouble, int Code, string Message, DateTimeOffset Since);

    [LoggerMessage(1401, LogLevel.Critical, "The carrier refuses our account (code {Code}: {Message}); every send is held")]
    private static partial void LogRefused(ILogger logger, int code, string message);

    [LoggerMessage(1402, LogLevel.Warning, "The carrier takes our texts again; sends flow")]
    private static partial void LogClosed(ILogger logger);

    [LoggerMessage(1403, LogLevel.Error, "The carrier can't be reached ({Reason}); every send is held")]
    private static partial void LogOutOfReach(ILogger logger, string reason);
}
