using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Tasks;

/// <summary>What a batch of events changes about one inbound turn.</summary>
internal sealed class TaskChange
{
    // A text without an answer of the AI may be just what was wished, as when a person answers.
    private static readonly HashSet<string> Honoured = ["stop_word", "start_word", "help_word", "opted_out", "taken", "dismissed"];

    /// <summary>A dead letter was put back: what it ended with no longer counts.</summary>
    public bool Again { get; private set; }

    public long? Answer { get; private set; }

    public string? Category { get; private set; }

    public int Tokens { get; private set; }

    public long? Sent { get; private set; }

    public int? ProcessingMilliseconds { get; private set; }

    public string? Why { get; private set; }

    public DateTime? CompletedAt { get; private set; }

    /// <summary>The text whose turn an event belongs to; null when no text asked for it.</summary>
    public static long? TextOf(LedgerEvent entry, EventData data) => entry.Type switch
    {
        EventTypes.Answered => data.Number("r") is > 0 and var text ? text : null,
        EventTypes.Ignored or EventTypes.Sent or EventTypes.Failed or EventTypes.DeadLetter or EventTypes.Replayed => entry.CorrelationId,
        _ => null,
    };

    /// <summary>Takes the next event; <paramref name="received"/> is when the turn's text was stored, if that is known.</summary>
    public void Add(LedgerEvent entry, EventData data, DateTime? received)
    {
        switch (entry.Type)
        {
            case EventTypes.Answered:
                AddAnswer(data);
                break;
            case EventTypes.Sent:
                if (End(entry.At, data.Number("m"), Why))
                    ProcessingMilliseconds = Between(received, entry.At);
                break;
            case EventTypes.Failed:
                End(entry.At, data.Number("m"), data.Text("why") ?? data.Text("code") ?? "failed");
                break;
            case EventTypes.Ignored:
                var why = data.Text("why") ?? "ignored";
                End(entry.At, null, Honoured.Contains(why) ? null : why);
                break;
            case EventTypes.DeadLetter:
                End(entry.At, null, data.Text("why") ?? "dead_letter");
                break;
            case EventTypes.Replayed:
                (Again, Why, CompletedAt, ProcessingMilliseconds, Sent) = (true, null, null, null, null);
                break;
        }
    }

    private void AddAnswer(EventData data)
    {
        var kind = data.Text("kind") ?? "answer";
        if (kind == "pause_notice")
            return;
        Answer = data.Number("m");
        Category = data.Text("category") ?? Category;
        Tokens += (int)((data.Number("in") ?? 0) + (data.Number("out") ?? 0));
        // An apology or a notice in place of an answer is sent, yet nothing was answered.
        if (kind is "apology" or "notice")
            Why ??= data.Text("why") ?? kind;
    }

    private static int? Between(DateTime? received, DateTimeOffset sent) =>
        received is { } from ? (int)Math.Clamp((sent.UtcDateTime - from).Ticks / TimeSpan.TicksPerMillisecond, 0, int.MaxValue) : null;

    private bool End(DateTimeOffset at, long? sent, string? why)
    {
        if (sent is not null && Answer is not null && sent != Answer)
            return false;
        (CompletedAt, Sent, Why) = (at.UtcDateTime, sent, why);
        return true;
    }
}
