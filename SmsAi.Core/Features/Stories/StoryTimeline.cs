using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Stories;

/// <summary>Tells a conversation's events about one message in plain words, in their order.</summary>
internal sealed class StoryTimeline(DateTimeOffset start, StoryRow? inbound, StoryRow? outbound)
{
    private readonly List<StoryEntry> _entries = [];

    // Reports that decide nothing are told together with the one that does.
    private readonly List<(string Status, DateTimeOffset At)> _underWay = [];

    public IReadOnlyList<StoryEntry> Tell(IEnumerable<LedgerEvent> events)
    {
        foreach (var entry in events)
            Tell(entry, EventData.Of(entry));
        if (_underWay is [.., var last])
            Receipt("check", $"Carrier says: {last.Status.Replace('_', ' ')}", last.At, StoryTone.None);
        return [.. _entries.OrderBy(entry => entry.At)];
    }

    private void Tell(LedgerEvent entry, EventData data)
    {
        switch (entry.Type)
        {
            case EventTypes.Received:
                TellReceived(entry.At, data);
                break;
            case EventTypes.Answered:
                TellAnswered(entry.At, data);
                break;
            case EventTypes.Shortened:
                Add("sparkle", "Asked for a shorter draft", $"{data.Text("model") ?? "the model"} · {Count(data.Number("out") ?? 0)} tokens", entry.At);
                break;
            case EventTypes.Sending:
                Add("access", "Gates out: all open", "Stop, pause, consent, holds and money were asked by the statement that let it go.", entry.At);
                Add("up", "Sending, committed before the call", data.Number("a") is > 1 and var attempt ? $"Call {attempt} to the carrier" : "", entry.At);
                break;
            case EventTypes.Sent:
                TellSent(entry.At, data);
                break;
            case EventTypes.Status:
                TellStatus(entry.At, data);
                break;
            default:
                TellTrouble(entry, data);
                break;
        }
    }

    private void TellReceived(DateTimeOffset at, EventData data)
    {
        if (data.Text("via") is "sweep")
        {
            Add("in", "Found by the sweep", "Its webhook never came; the carrier's list had it.", start);
        }
        else
        {
            Add("in", "Webhook received", "POST /sms/receive", start);
            Add("consent", "Signature holds", $"{StoryWords.Token(data.Text("token"))}, {StoryWords.Url(data.Text("url"))}", start);
        }

        Add("check", "Stored", data.Number("batch") is > 1 and var batch ? $"With its receipt and its place in the queue, batch of {batch}" : "With its receipt and its place in the queue", at);
        if (StoryWords.Verdict(data.Text("verdict")) is { } verdict)
            Add("warning", "The sender is no ordinary number", verdict, at, StoryTone.Warn);
        if (data.Text("consent") is "out")
            Add("blocked", "Opted out", "Written with the text itself: nothing is sent to this person any more.", at);
        else if (data.Text("consent") is "in")
            Add("check", "Opted in again", "Written with the text itself.", at);
    }

    private void TellAnswered(DateTimeOffset at, EventData data)
    {
        var kind = data.Text("kind") ?? "answer";
        if (kind != "answer")
        {
            var (icon, title, detail) = Written(kind);
            Add(icon, title, detail, at, kind == "apology" ? StoryTone.Warn : StoryTone.None);
            return;
        }

        var asked = at - TimeSpan.FromMilliseconds(data.Number("ms") ?? 0);
        asked = asked < start ? start : asked;
        Add("routing", $"Routed to {data.Text("category") ?? "General"}", "", asked);
        var cached = data.Number("cached") is > 0 and var some ? $", {Count(some)} cached" : "";
        var turns = data.Number("turns") is 1 ? "1 turn" : $"{Count(data.Number("turns") ?? 0)} turns";
        Add("models", $"Asked {data.Text("model") ?? "the model"}", $"{turns} · {Count(data.Number("in") ?? 0)} tokens in{cached}", asked);
        Add("sparkle", $"Answered: {Count(data.Number("out") ?? 0)} tokens", Segments(data.Number("segments")) ?? "", at);
    }

    private static (string Icon, string Title, string Detail) Written(string kind) => kind switch
    {
        "apology" => ("warning", "Apology written", "Every try to get an answer failed."),
        "notice" => ("information", "Notice written", "In place of an answer."),
        "pause_notice" => ("information", "Notice of the pause written", "Once for each person and pause."),
        "manual" => ("edit", "Written by a person", ""),
        "broadcast" => ("broadcasts", "Written by a broadcast", ""),
        "canary" => ("systemcheck", "Written by the canary", "A test that the road is open."),
        _ => ("edit", "Written", ""),
    };

    private void TellSent(DateTimeOffset at, EventData data)
    {
        var sid = data.Text("sid") is { } given ? StoryWords.ShortSid(given) : "";
        if (data.Text("recovered") is not null)
        {
            Add("check", "Found with the carrier", $"Its list has the text: {sid}. It was not sent again.", at);
            return;
        }

        string?[] facts = [data.Number("ms") is { } took ? $"after {Count(took)} ms" : null, Segments(data.Number("segments"))];
        Add("check", "Carrier accepted", string.Join(" · ", facts.Prepend($"201, {sid}").OfType<string>()), at);
    }

    private void TellStatus(DateTimeOffset at, EventData data)
    {
        var status = data.Text("status") ?? "";
        _underWay.Add((status, at));
        switch (status)
        {
            case "delivered":
                Receipt("checks", "Delivered", at, StoryTone.Ok);
                break;
            case "read":
                Receipt("checks", "Read", at, StoryTone.Ok);
                break;
            case "partially_delivered":
                Receipt("warning", "Partly delivered", at, StoryTone.Warn);
                break;
            case "failed" or "undelivered" or "canceled":
                var code = data.Number("code") is { } known ? $" ({known})" : "";
                Receipt("fault", $"{(status == "canceled" ? "Cancelled" : StoryWords.Sentence(status))} by the carrier{code}", at, StoryTone.Stop, outbound?.ErrorText);
                break;
        }
    }

    private void Receipt(string icon, string title, DateTimeOffset at, StoryTone tone, string? reason = null)
    {
        var told = string.Join(", ", _underWay.Select(report => $"{report.Status.Replace('_', ' ')} ({StoryWords.Offset(report.At - start)})"));
        _underWay.Clear();
        Add(icon, title, reason is null ? $"Callback {told}" : $"{reason} Callback {told}", at, tone);
    }

    private void TellTrouble(LedgerEvent entry, EventData data)
    {
        var why = data.Text("why");
        switch (entry.Type)
        {
            case EventTypes.Retry:
                var (title, detail) = StoryWords.Retry(why, data.Number("seconds") ?? 0);
                Add("refresh", title, data.Number("a") is { } attempt ? $"Try {attempt}. {detail}" : detail, entry.At, StoryTone.Warn);
                break;
            case EventTypes.Uncertain:
                Add("question", "Uncertain: the carrier gave no clear answer", "Its list is read before anything is sent again.", entry.At, StoryTone.Warn);
                break;
            case EventTypes.Held:
                Add("hold", $"Held: {StoryWords.Gate(data.Text("by"))}", "It waits, and nothing is lost.", entry.At, StoryTone.Warn);
                break;
            case EventTypes.Ignored:
                var isText = inbound is not null && data.Number("m") == inbound.Id;
                Add(why == "too_old" ? "clock" : "blocked", isText ? "Not answered" : "Not sent", StoryWords.Sentence(StoryWords.Ignored(why)) + ".", entry.At);
                break;
            case EventTypes.Failed:
                var code = data.Number("code") is { } known ? $" ({known})" : "";
                Add("fault", $"Carrier refused it{code}", outbound?.ErrorText ?? "", entry.At, StoryTone.Stop);
                break;
            case EventTypes.DeadLetter:
                Add("deadletter", "Dead letter", StoryWords.DeadLetter(why), entry.At, StoryTone.Stop);
                break;
            case EventTypes.Replayed:
                Add("refresh", "Put back by a person", "", entry.At, StoryTone.Info);
                break;
        }
    }

    private void Add(string icon, string title, string detail, DateTimeOffset at, StoryTone tone = StoryTone.None) =>
        _entries.Add(new(at > start ? at - start : TimeSpan.Zero, icon, title, detail, at, tone));

    private static string Count(long number) => NumberText.Of(number);

    private static string? Segments(long? segments) => segments switch
    {
        null or 0 => null,
        1 => "1 segment",
        _ => $"{segments} segments",
    };
}
