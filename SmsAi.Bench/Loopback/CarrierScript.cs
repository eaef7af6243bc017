namespace SmsAi.Bench.Loopback;

/// <summary>How the loopback carrier behaves. It may be changed while it runs.</summary>
public sealed class CarrierScript
{
    /// <summary>What to do with a text; without it, every text is taken.</summary>
    public Func<LoopbackSend, CarrierAct>? Decide { get; set; }

    /// <summary>Which receipts follow a text that was taken; without it, sent and delivered at once.</summary>
    public Func<LoopbackText, IReadOnlyList<ReceiptStep>>? Receipts { get; set; }

    /// <summary>How long a text's way to the carrier takes.</summary>
    public Func<TimeSpan>? LatencyBefore { get; set; }

    /// <summary>How long the answer's way back takes.</summary>
    public Func<TimeSpan>? LatencyAfter { get; set; }

    /// <summary>The list and the look-ups answer 503.</summary>
    public bool IsListAway { get; set; }

    /// <summary>How a webhook that fails is tried again.</summary>
    public WebhookRules Rules { get; set; } = new();
}

/// <summary>Twilio's patience with a webhook: its default is one more try, and only when no connection came about.</summary>
public sealed record WebhookRules
{
    /// <summary>Further tries after the first, 0 to 5.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>Whether a 5xx is worth another try.</summary>
    public bool RetriesServerErrors { get; init; }

    /// <summary>Whether a missing answer is worth another try.</summary>
    public bool RetriesTimeouts { get; init; }

    /// <summary>How long one answer may take.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long all tries together may take.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause between two tries.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Tried once at the very end; null when none is configured.</summary>
    public Uri? Fallback { get; init; }
}

/// <summary>What became of one webhook.</summary>
/// <param name="Status">The last answer; null when there was none.</param>
/// <param name="Tries">How often it was tried, the fallback included.</param>
public sealed record WebhookOutcome(string Sid, int? Status, string Body, int Tries)
{
    /// <summary>We took it.</summary>
    public bool IsTaken => Status is >= 200 and < 300;
}
