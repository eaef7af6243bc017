using Microsoft.Extensions.Options;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// How many texts may leave now: the configured rate, halved whenever the carrier says "too fast",
/// and won back by a tenth of the full rate each second.
/// </summary>
public sealed class SendPace(IOptions<TwilioOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _full;
    private double _rate;
    private double _tokens = 1;
    private long _refilledAt = time.GetTimestamp();
    private long _halvedAt;
    private bool _slowed;
    private long _windowStart = time.GetTimestamp();
    private int _windowCount;
    private double _observed;

    /// <summary>Texts per second at this moment; null while nothing limits them.</summary>
    public double? CurrentRate
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return Limited ? _rate : null;
            }
        }
    }

    // Read each time: operators change it while texts leave.
    private double Configured => options.Value.MessagesPerSecond;

    private bool Limited => Configured > 0 || _slowed;

    /// <summary>Takes up to so many permissions; unused ones go back by <see cref="GiveBack"/>.</summary>
    public int Take(int wanted)
    {
        lock (_gate)
        {
            Refill();
            var granted = Limited ? Math.Min(wanted, (int)_tokens) : wanted;
            if (Limited)
                _tokens -= granted;
            _windowCount += granted;
            return granted;
        }
    }

    /// <summary>Returns permissions that were taken and then not used, because the gate stayed shut.</summary>
    public void GiveBack(int unused)
    {
        lock (_gate)
        {
            _tokens += unused;
            _windowCount -= unused;
        }
    }

    /// <summary>How long until the next permission; zero when there is one.</summary>
    public TimeSpan UntilNext()
    {
        lock (_gate)
        {
            Refill();
            return !Limited || _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / _rate);
        }
    }

    /// <summary>The carrier said "too fast". Many texts in flight hear the same complaint, so it counts once a second.</summary>
    public void SlowDown()
    {
        lock (_gate)
        {
            Refill();
            if (_slowed && time.GetElapsedTime(_halvedAt) < TimeSpan.FromSeconds(1))
                return;
            if (!_slowed)
            {
                // Without a configured rate, what just went out is the measure of "too fast".
                _full = Configured > 0 ? Configured : Math.Max(1, Math.Max(_observed, _windowCount));
                _rate = _full;
            }
            _slowed = true;
            _halvedAt = time.GetTimestamp();
            _rate = Math.Max(_rate / 2, Math.Min(0.5, _full));
            _tokens = Math.Min(_tokens, 1);
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_refilledAt, now).TotalSeconds;
        _refilledAt = now;
        if (_slowed)
        {
            _rate += _full * 0.1 * elapsed;
            _slowed = _rate < _full;
        }
        if (!_slowed)
            _rate = Configured;
        if (Limited)
            // A second's worth may leave at once, at least one text.
            _tokens = Math.Min(_tokens + _rate * elapsed, Math.Max(1, _rate));
        Observe(now);
    }

    private void Observe(long now)
    {
        var window = time.GetElapsedTime(_windowStart, now).TotalSeconds;
        if (window < 1)
            return;
        _observed = _windowCount / window;
        _windowCount = 0;
        _windowStart = now;
    }
}
