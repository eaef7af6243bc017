using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Stories;

/// <summary>Where the time between the webhook and the phone went.</summary>
internal sealed record Waterfall(IReadOnlyList<StorySegment> Segments, TimeSpan Took, string Reached)
{
    public static Waterfall Of(DateTimeOffset start, bool hasText, IReadOnlyList<LedgerEvent> events)
    {
        var answered = Last(events, EventTypes.Answered);
        if (answered is null)
            return new([], TimeSpan.Zero, "");

        List<StorySegment> segments = [];
        var model = TimeSpan.FromMilliseconds(EventData.Of(answered).Number("ms") ?? 0);
        var (at, reached) = (start, hasText ? "answered" : "written");
        Add("waiting", "Waiting", answered.At - model);
        Add("model", "Model", answered.At);

        var final = events.LastOrDefault(IsFinal);
        // A receipt may overtake our own note of the carrier's acceptance.
        if (Last(events, EventTypes.Sent) is { } sent)
        {
            Add("send", "Gate, send", final is not null && final.At < sent.At ? final.At : sent.At);
            reached = "accepted by the carrier";
        }

        if (final is not null)
        {
            Add("carrier", "Carrier to phone", final.At);
            reached = EventData.Of(final).Text("status")!.Replace('_', ' ');
        }

        return new(segments, at - start, reached);

        void Add(string kind, string title, DateTimeOffset until)
        {
            if (until <= at)
                return;
            segments.Add(new(kind, title, until - at));
            at = until;
        }
    }

    private static bool IsFinal(LedgerEvent entry) =>
        entry.Type == EventTypes.Status && EventData.Of(entry).Text("status") is "delivered" or "read" or "undelivered" or "failed";

    private static LedgerEvent? Last(IReadOnlyList<LedgerEvent> events, string type) => events.LastOrDefault(entry => entry.Type == type);
}
