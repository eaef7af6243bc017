namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>The edge to the company that carries our texts; everything it can tell us arrives as a value, never as an exception.</summary>
public interface ICarrier
{
    /// <summary>Hands one text over. It is asked once: nothing below repeats a request by itself.</summary>
    Task<SendResult> SendAsync(SendRequest request, CancellationToken cancel);

    /// <summary>
    /// Outbound texts to a number created since then, newest first, from at most twenty pages. There is no date filter,
    /// because the carrier filters by the day of *sending*, and a queued text has none yet.
    /// </summary>
    Task<CarrierListing> ListToAsync(string to, string? from, DateTimeOffset since, CancellationToken cancel);

    /// <summary>
    /// Of the texts that reached one of our numbers since then, all pages, those that <paramref name="choose"/> takes, oldest first. It is asked page
    /// by page, so that a long list is never held as a whole.
    /// </summary>
    Task<CarrierListing> ListInboundAsync(string ourNumber, DateTimeOffset since, PageChoice choose, CancellationToken cancel);

    /// <summary>What the carrier knows of one text.</summary>
    Task<CarrierLookup> FetchAsync(string sid, CancellationToken cancel);

    /// <summary>The numbers in a Messaging Service's pool; null when the carrier can't be asked now.</summary>
    Task<IReadOnlyList<string>?> NumbersOfServiceAsync(string messagingServiceSid, CancellationToken cancel);
}

/// <summary>Takes what is wanted of one page of the carrier's list.</summary>
public delegate Task<IReadOnlyList<CarrierMessage>> PageChoice(IReadOnlyList<CarrierMessage> page);

/// <summary>One text to hand over. Without <paramref name="From"/> the configured sender is used.</summary>
/// <param name="MessageId">Our id, carried in the callback URL, so that a receipt finds its text even before the carrier's answer did.</param>
/// <param name="ValidFor">How long the carrier may keep trying; without it the carrier's own ten hours.</param>
public sealed record SendRequest(long MessageId, string To, string Body, string? From = null, TimeSpan? ValidFor = null)
{
    /// <summary>A <see cref="System.Diagnostics.Stopwatch"/> timestamp after which not a byte of it may leave any more: whoever takes this send for lost may look it up from then on.</summary>
    public long LastMoment { get; init; } = long.MaxValue;
}

/// <summary>A text as the carrier's own record shows it.</summary>
public sealed record CarrierMessage(
    string Sid, string From, string To, string Body, string Direction, string Status, int? ErrorCode,
    int Segments, int MediaCount, long? PriceMicros, string? MessagingServiceSid,
    DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

/// <summary>The answer to a question for many texts.</summary>
public abstract record CarrierListing
{
    private CarrierListing() { }

    /// <summary>What was found. <paramref name="IsWhole"/> is false when older texts in the asked time may lie beyond the last page read.</summary>
    public sealed record Found(IReadOnlyList<CarrierMessage> Messages, bool IsWhole) : CarrierListing;

    /// <summary>The carrier could not be asked; nothing may be concluded from it.</summary>
    public sealed record Unavailable(string Reason) : CarrierListing;
}

/// <summary>The answer to a question for one text.</summary>
public abstract record CarrierLookup
{
    private CarrierLookup() { }

    /// <summary>The carrier knows it.</summary>
    public sealed record Found(CarrierMessage Message) : CarrierLookup;

    /// <summary>The carrier says there is no such text.</summary>
    public sealed record Absent : CarrierLookup;

    /// <summary>The carrier could not be asked; nothing may be concluded from it.</summary>
    public sealed record Unavailable(string Reason) : CarrierLookup;
}
