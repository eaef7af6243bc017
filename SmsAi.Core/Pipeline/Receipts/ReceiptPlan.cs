using System.Globalization;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>A message as the database knows it, and as the receipts of one batch change it.</summary>
internal sealed class ReceiptMessage
{
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long ConversationId { get; init; }

    public required long UserId { get; init; }

    public required string State { get; set; }

    public required int Rank { get; set; }

    public required string? Sid { get; set; }

    public required int Attempt { get; init; }

    public required long? ReplyTo { get; init; }

    /// <summary>The conversation's version when it was locked.</summary>
    public required long Version { get; init; }

    public CarrierStatus? Status { get; set; }

    public int? ErrorCode { get; set; }

    public bool WasBound { get; set; }
}

/// <summary>Where a receipt led: to this message, by its SID or by our own id.</summary>
internal readonly record struct ReceiptMatch(ReceiptMessage Message, bool BySid);

/// <summary>An event to append, in the order of the batch.</summary>
internal sealed record ReceiptEvent(long ConversationId, long Version, string Type, long CorrelationId, string Data);

/// <summary>A receipt that fitted nothing.</summary>
internal sealed record ReceiptOddity(string Verdict, string Sid, long? MessageId);

/// <summary>What a batch of receipts amounts to, decided without the database: changes, events, consequences and oddities.</summary>
internal sealed class ReceiptPlan
{
    private const string ConsentOut = ",\"consent\":\"out\"";

    private readonly Dictionary<long, long> _versions = [];

    public ReceiptResult[] Results { get; private init; } = [];

    public HashSet<ReceiptMessage> Changed { get; } = [];

    public List<ReceiptEvent> Events { get; } = [];

    public List<ReceiptOddity> Oddities { get; } = [];

    /// <summary>Failed messages with the carrier's reason, in the order of the batch.</summary>
    public List<(ReceiptMessage Message, CarrierError Error)> Failures { get; } = [];

    public IReadOnlyDictionary<long, long> Versions => _versions;

    public IEnumerable<ReceiptMessage> Bound => Changed.Where(message => message.WasBound);

    /// <summary>Decides about each receipt in order, so that later ones of a batch meet what earlier ones changed.</summary>
    public static ReceiptPlan Make(IReadOnlyList<Receipt> receipts, IReadOnlyDictionary<int, ReceiptMatch> matches)
    {
        var plan = new ReceiptPlan { Results = new ReceiptResult[receipts.Count] };
        for (var index = 0; index < receipts.Count; index++)
            plan.Results[index] = matches.TryGetValue(index, out var match)
                ? plan.Decide(receipts[index], match)
                : plan.Refuse("unknown", receipts[index], ReceiptResult.Unknown);
        return plan;
    }

    private ReceiptResult Decide(Receipt receipt, ReceiptMatch match)
    {
        var message = match.Message;
        if (match.BySid && receipt.MessageId is { } named && named != message.Id)
            return Refuse("other_message", receipt, ReceiptResult.Ignored);
        if (message.Sid is not null && message.Sid != receipt.Sid)
            return Refuse("other_sid", receipt, ReceiptResult.Ignored);
        // A report about a text that was never handed over can't be ours, whatever its id says.
        if (message.Sid is null && message.Attempt == 0)
            return Refuse("never_sent", receipt, ReceiptResult.Ignored);
        if (CarrierStatus.Find(receipt.Word) is not { } status)
            return Refuse("unknown_status", receipt, ReceiptResult.Ignored);
        var isFirstNews = message.Sid is null;
        if (!isFirstNews && !status.Outranks(message.Rank))
            return ReceiptResult.Known;

        // The report was faster than the answer to our send, or that answer was lost: the carrier has the text.
        if (isFirstNews)
            (message.Sid, message.WasBound) = (receipt.Sid, true);
        Apply(message, status, receipt.ErrorCode);
        return ReceiptResult.Applied;
    }

    private void Apply(ReceiptMessage message, CarrierStatus status, int? errorCode)
    {
        (message.State, message.Rank, message.Status) = (status.State, status.Rank, status);
        message.ErrorCode = status.IsFailure ? errorCode : null;
        Changed.Add(message);
        var error = message.ErrorCode is { } failed ? CarrierErrors.Find(failed) : null;
        if (error is not null)
            Failures.Add((message, error));
        var code = message.ErrorCode is { } known ? known.ToString(CultureInfo.InvariantCulture) : "null";
        var consent = error?.Action == CarrierAction.SuppressConsent ? ConsentOut : "";
        Tell(message, EventTypes.Status, string.Create(CultureInfo.InvariantCulture,
            $$"""{"m":{{message.Id}},"status":"{{status.Word}}","code":{{code}},"rank":{{status.Rank}}{{consent}}}"""));
    }

    private void Tell(ReceiptMessage message, string type, string data)
    {
        var version = _versions.GetValueOrDefault(message.ConversationId, message.Version) + 1;
        _versions[message.ConversationId] = version;
        Events.Add(new ReceiptEvent(message.ConversationId, version, type, message.ReplyTo ?? message.Id, data));
    }

    private ReceiptResult Refuse(string verdict, Receipt receipt, ReceiptResult result)
    {
        Oddities.Add(new ReceiptOddity(verdict, receipt.Sid, receipt.MessageId));
        return result;
    }
}
