namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>When the carrier is asked about a text it never reported on.</summary>
public sealed class ReceiptPollOptions
{
    public const string Section = "Receipts";

    /// <summary>After so long without a final report the carrier is asked, again after three and nine times as long, and then no more.</summary>
    public TimeSpan PollAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        if (PollAfter < TimeSpan.FromSeconds(1) || PollAfter > TimeSpan.FromHours(24))
            yield return $"{Section}:PollAfter must be between 00:00:01 and 1.00:00:00.";
    }
}
