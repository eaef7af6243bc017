using System.Globalization;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>
/// What happened to a text that a run lost, repeated or asked about twice, moment by moment: the model's, the carrier's and our own account of it,
/// in one order of time. A fault that shows itself once in thousands of texts leaves nothing else.
/// </summary>
public static class RoadStories
{
    private const int AtMost = 6;

    /// <summary>Our own account: the rows and events of the turn.</summary>
    private const string Rows = """
        with turn as (
          select i.id, i.conversation_id from messages i where i.sid = $1 and i.direction = 'in'),
        mine as (
          select m.* from messages m join turn t on m.conversation_id = t.conversation_id and (m.id = t.id or m.reply_to = t.id))
        select format('%s|row %s %s: %s, attempt %s, sending at %s, sent at %s, sid %s, recovered %s', to_char(created_at at time zone 'utc', 'HH24:MI:SS.MS'), direction, id, state, attempt,
          to_char(sending_at at time zone 'utc', 'HH24:MI:SS.MS'), to_char(sent_at at time zone 'utc', 'HH24:MI:SS.MS'), sid, recovered) from mine
        union all
        select format('%s|event %s %s', to_char(e.created_at at time zone 'utc', 'HH24:MI:SS.MS'), e.type, e.data)
        from events e join turn t on e.stream_id = t.conversation_id and e.correlation_id = t.id
        """;

    /// <summary>The first few of the texts in question; empty when there is none.</summary>
    public static async Task<string> TellAsync(RoadReport report, RoadDriver driver, TestDatabase database)
    {
        var odd = report.Duplicated.Select(what => what[..what.LastIndexOf(" x", StringComparison.Ordinal)])
            .Concat(report.Overlapping.SelectMany(what => what.Split(" during "))).Concat(report.Lost).Concat(report.Reordered.SelectMany(what => what.Split(" after "))).ToHashSet();
        List<string> stories = [];
        foreach (var text in driver.Log.Where(text => odd.Contains(text.Body)).Take(AtMost))
            stories.Add(await OfAsync(text, driver, database));
        return string.Join("\n\n", stories);
    }

    private static async Task<string> OfAsync(PostedText text, RoadDriver driver, TestDatabase database)
    {
        var number = "To=" + Uri.EscapeDataString(text.From);
        List<string> lines =
        [
            .. await database.ListAsync<string>(Rows, text.Sid),
            .. driver.Questions.Where(question => question.Last == text.Body).Select(question => Line(question.ArrivedAt, $"asked the model; it ended {Time(question.EndedAt)}{(question.IsAbandoned ? ", abandoned" : "")}")),
            .. driver.Requests.Where(request => request.Send is { } send && IsAbout(text, send.To, send.Body)).Select(request => Line(request.ArrivedAt, $"send of {request.Send!.MessageId} arrived at the carrier")),
            .. driver.Accepted.Where(taken => IsAbout(text, taken.To, taken.Body)).Select(taken => Line(taken.At, $"the carrier took {taken.MessageId} as {taken.Sid}")),
        ];
        var times = lines.Select(line => line[..12]).Order(StringComparer.Ordinal).ToList();
        lines.AddRange(driver.Requests.Where(request => request.Send is null && request.Target.Contains(number, StringComparison.Ordinal))
            .Select(request => Line(request.ArrivedAt, "the carrier's list was read"))
            .Where(line => string.CompareOrdinal(line[..12], times[0]) >= 0 && string.CompareOrdinal(line[..12], times[^1]) <= 0));
        return $"{text.Body}, webhook tried {text.Tries} times, {text.Took.TotalMilliseconds:0} ms\n" + string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static bool IsAbout(PostedText text, string to, string body) => to == text.From && body.EndsWith(text.Body, StringComparison.Ordinal);

    private static string Line(DateTimeOffset at, string what) => $"{Time(at)}|{what}";

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "never";
}
