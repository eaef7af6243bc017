using Microsoft.Extensions.Options;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// How many texts may leave now: the configured rate, halved whenever the carrier says "too fast",
/// and won back by a tenth of the full rate each second.
/// </summary>
public sealed class SendPace(IOptions<TwilioOptions> options, TimeProvider time)
{
    private readonly double configured = options.Value.MessagesPerSecond;
    private readonly Lock gate = new();
    private double full;
    private double rate;
    private double tokens = 1;
    private long refilledAt = time.GetTimestamp();
    private long halvedAt;
    private bool slowed;
    private long windowStart = time.GetTimestamp();
    private int windowCount;
    private double observed;

    /// <summary>Texts per second at this moment; null while nothing limits them.</summary>
    public double? CurrentRate
    {
        get
        {
            lock (gate)
            {
                Refill();
                return Limited ? rate : null;
            }
        }
    }

    private bool Limited => configured > 0 || slowed;

    /// <summary>Takes up to so many permissions; unused ones go back by <see cref="GiveBack"/>.</summary>
    public int Take(int wanted)
    {
        lock (gate)
        {
            Refill();
            var granted = Limited ? Math.Min(wanted, (int)tokens) : wanted;
            if (Limited)
                tokens -= granted;
            windowCount += granted;
            return granted;
        }
    }

    /// <summary>Returns permissions that were taken and then not used, because the gate stayed shut.</summary>
    public void GiveBack(int unused)
    {
        lock (gate)
        {
            tokens += unused;
            windowCount -= unused;
        }
    }

    /// <summary>How long until the next permission; zero when there is one.</summary>
    public TimeSpan UntilNext()
    {
        lock (gate)
        {
            Refill();
            return !Limited || tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - tokens) / rate);
        }
    }

    /// <summary>The carrier said "too fast". Many texts in flight hear the same complaint, so it counts once a second.</summary>
    public void SlowDown()
    {
        lock (gate)
        {
            Refill();
            if (slowed && time.GetElapsedTime(halvedAt) < TimeSpan.FromSeconds(1))
                return;
            if (!slowed)
            {
                // Without a configured rate, what just went out is the measure of "too fast".
                full = configured > 0 ? configured : Math.Max(1, Math.Max(observed, windowCount));
                rate = full;
            }
            slowed = true;
            halvedAt = time.GetTimestamp();
            rate = Math.Max(rate / 2, Math.Min(0.5, full));
            tokens = Math.Min(tokens, 1);
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(refilledAt, now).TotalSeconds;
        refilledAt = now;
        if (slowed)
        {
            rate += full * 0.1 * elapsed;
            slowed = rate < full;
        }
        if (!slowed)
            rate = configured;
        if (Limited)
            // A second's worth may leave at once, at least one text.
            tokens = Math.Min(tokens + rate * elapsed, Math.Max(1, rate));
        Observe(now);
    }

    private void Observe(long now)
    {
        var window = time.GetElapsedTime(windowStart, now).TotalSeconds;
        if (window < 1)
            return;
        observed = windowCount / window;
        windowCount = 0;
        windowStart = now;
    }
}
