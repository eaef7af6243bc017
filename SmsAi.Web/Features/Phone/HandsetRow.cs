using SmsAi.Core.Features.Phone;

namespace SmsAi.Web.Features.Phone;

/// <summary>One text on the handset's screen, with what is said around it.</summary>
/// <param name="OpensDay">A new stretch of talk begins here: the time is written above it.</param>
/// <param name="Posts">How many webhooks brought it, as far as this replica posted them.</param>
/// <param name="Answers">How many answers it got.</param>
/// <param name="AnsweredIn">From its arrival to the carrier's acceptance of its answer.</param>
/// <param name="IsBehindHeld">It would be answered now, were not an earlier text held.</param>
public sealed record HandsetRow(PhoneText Text, bool OpensDay, int Posts, int Answers, TimeSpan? AnsweredIn, bool IsBehindHeld)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(30);

    public static IReadOnlyList<HandsetRow> Of(PhoneThread thread)
    {
        var answers = thread.Texts.Where(text => text is { IsFromHandset: false, ReplyTo: not null }).ToLookup(text => text.ReplyTo!.Value);
        var posts = thread.Wire.SelectMany(line => line.Facts.Where(fact => fact.Name == "MessageSid")).ToLookup(fact => fact.Value);
        var rows = new List<HandsetRow>(thread.Texts.Count);
        DateTimeOffset? before = null;
        foreach (var text in thread.Texts)
        {
            var answered = answers[text.Id].FirstOrDefault(answer => answer.AnswerMilliseconds is not null)?.AnswerMilliseconds;
            rows.Add(new HandsetRow(
                text, before is null || text.At - before > Silence, text.Sid is null ? 0 : posts[text.Sid].Count(), answers[text.Id].Count(),
                answered is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null, thread.IsHeld && text.IsMoving));
            before = text.At;
        }

        return rows;
    }

    /// <summary>"sent twice, one answer"; null when it came once.</summary>
    public string? Repeats => (Posts, Answers) switch
    {
        ( < 2, _) => null,
        (_, 0) => "sent twice",
        (_, 1) => "sent twice, one answer",
        var (_, many) => $"sent twice, {many} answers",
    };

    /// <summary>What is said of a text that waits or ended without an answer.</summary>
    public string? Fate => Text switch
    {
        { IsFromHandset: false } => null,
        { HeldBy: not null } => "held",
        _ when IsBehindHeld => "queued",
        { State: "received" or "answered" } => null,
        var text => text.State,
    };

    public string? FateReason => Text.HeldBy switch
    {
        null => IsBehindHeld ? "An earlier text is held, and order is kept" : null,
        "kill" => "The service is stopped",
        "pause" => "The service is paused",
        "ai" => "The model is off",
        var gate => $"Held by {gate}",
    };
}
