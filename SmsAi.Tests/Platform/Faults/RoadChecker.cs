using System.Globalization;
using System.Net;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>
/// Compares what was promised with what happened: the driver's log, the carrier's and the model's ledgers and the database. An answer is
/// recognised by the text it repeats, so each text of a run must be different and the model must echo.
/// </summary>
public static class RoadChecker
{
    /// <summary>What may still arrive after a stop's commit: what was on its way. What the test itself was late to notice is not counted.</summary>
    public static readonly TimeSpan StopsWithin = TimeSpan.FromMilliseconds(250);

    private const string Echo = "Echo: ";

    /// <summary>Counts everything at once; prints the counts, whatever they are.</summary>
    public static async Task<RoadReport> CheckAsync(RoadDriver driver, TestDatabase database)
    {
        var log = driver.Log.ToList();
        var accepted = driver.Accepted;
        var acknowledged = log.Where(text => text.Status == HttpStatusCode.OK).ToList();
        var asked = log.ToDictionary(text => (text.From, text.Body));
        var answers = accepted.Where(text => text.Body.StartsWith(Echo, StringComparison.Ordinal))
            .Select(text => (text.Sid, Key: (text.To, Body: text.Body[Echo.Length..]))).ToList();
        var answered = answers.Select(answer => answer.Key).ToHashSet();
        var bound = (await database.ListAsync<string>("select sid from messages where direction = 'out' and sid is not null")).ToHashSet();
        var kept = (await database.ListAsync<string>("select sid from messages where direction = 'in' and sid is not null")).ToHashSet();
        var byHand = driver.ByHand.ToHashSet();
        var hands = accepted.Where(text => byHand.Contains((text.To, text.Body))).ToList();
        var unfinished = await database.ScalarAsync<long>("select count(*) from queue where state <> 'held'");
        var silenced = await SilencesAsync(log, database);
        var late = await LateAsync(driver, database);

        var report = new RoadReport
        {
            Attempted = log.Count,
            Acknowledged = acknowledged.Count,
            Accepted = accepted.Count,
            Questions = driver.Questions.Count,
            Lost = [.. acknowledged.Where(text => !answered.Contains((text.From, text.Body)) && !IsSilent(silenced, text)).Select(text => text.Body),
                .. byHand.Except(hands.Select(text => (text.To, text.Body))).Select(text => text.Body)],
            Unkept = [.. acknowledged.Where(text => !kept.Contains(text.Sid)).Select(text => text.Body)],
            Duplicated = [.. answers.Select(answer => answer.Key).Concat(hands.Select(text => (text.To, text.Body))).GroupBy(key => key).Where(group => group.Count() > 1).Select(group => $"{group.Key.Body} x{group.Count()}")],
            Unexpected = [.. accepted.Except(hands).Where(text => !asked.ContainsKey((text.To, AnsweredBy(text.Body)))).Select(text => $"{text.To}: {text.Body}")],
            Unbound = [.. accepted.Where(text => !bound.Contains(text.Sid)).Select(text => text.Sid)],
            Reordered = [.. Reordered(answers.Select(answer => asked.GetValueOrDefault(answer.Key)))],
            Overlapping = [.. Overlapping(driver, log)],
            AfterStopAll = [.. late.Where(one => one.After > StopsWithin + one.Lag).Select(one => one.What)],
            OwnDelay = late.Count == 0 ? TimeSpan.Zero : late.Max(one => one.Lag),
            LatestAfterStopAll = late.Count == 0 ? TimeSpan.Zero : late.Max(one => one.After),
            AfterOptOut = [.. AfterOptOut(accepted, silenced)],
            Unanswered = [.. log.Where(text => !answered.Contains((text.From, text.Body)) && !IsSilent(silenced, text)).Select(text => text.Body)],
            DeadLetters = await database.ListAsync<string>("select reason || ' (' || coalesce(last_fault, 'no fault') || ')' from dead_letters where message_at >= $1", driver.BeganAt),
            Recovered = await database.ScalarAsync<long>("select count(*) from messages where recovered is not null and created_at >= $1", driver.BeganAt),
            Miscounted = unfinished == 0 ? await MiscountedAsync(database) : [],
            TokensCounted = driver.Tokens,
            TokensKept = await database.ScalarAsync<long>("select coalesce(sum(tokens_in + tokens_out), 0)::bigint from messages where direction = 'out' and created_at >= $1", driver.BeganAt),
            Unfinished = unfinished,
            Leased = await database.ScalarAsync<long>("select count(*) from conversations where lease_until is not null"),
        };
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        return report with { Stories = await RoadStories.TellAsync(report, driver, database) };
    }

    // The readers that count come a second behind, and wait for every transaction that writes anywhere in the cluster, which other tests share.
    private static async Task<IReadOnlyList<string>> MiscountedAsync(TestDatabase database)
    {
        IReadOnlyList<string> wrong = [];
        var deadline = DateTime.UtcNow.AddMinutes(1);
        do
        {
            wrong = await database.ListAsync<string>(
                """
                with kept as (
                  select user_id, count(*) filter (where direction = 'in') as texts, coalesce(sum(model_micros + carrier_micros), 0)::bigint as micros
                  from messages group by user_id)
                select format('%s texts of person %s counted, %s kept', a.texts_total, a.user_id, k.texts) from user_activity a join kept k using (user_id) where a.texts_total <> k.texts
                union all
                select format('%s micro-dollars of person %s counted, %s kept', a.spend_micros, a.user_id, k.micros) from user_activity a join kept k using (user_id) where a.spend_micros <> k.micros
                union all
                select format('%s micro-dollars counted in all, %s kept', d.micros, m.micros)
                from (select coalesce(sum(model_micros + carrier_micros), 0) as micros from spend_days) d, (select coalesce(sum(micros), 0) as micros from kept) m where d.micros <> m.micros
                """);
            if (wrong.Count > 0)
                await Task.Delay(250);
        }
        while (wrong.Count > 0 && DateTime.UtcNow < deadline);
        return wrong;
    }

    private static string AnsweredBy(string body) => body.StartsWith(Echo, StringComparison.Ordinal) ? body[Echo.Length..] : "";

    // The first answer to each text counts; a later copy is a duplicate already. What was never acknowledged came by the sweep, later than others.
    private static IEnumerable<string> Reordered(IEnumerable<PostedText?> answers) =>
        from person in answers.OfType<PostedText>().Where(text => text.Status == HttpStatusCode.OK).Distinct().GroupBy(text => text.From)
        from pair in person.Zip(person.Skip(1))
        where pair.Second.Number < pair.First.Number
        select $"{pair.Second.Body} after {pair.First.Body}";

    // A run asks the model once and holds the conversation meanwhile: two questions of one person at a time are two runs.
    private static IEnumerable<string> Overlapping(RoadDriver driver, List<PostedText> log)
    {
        var people = log.GroupBy(text => text.Body).ToDictionary(texts => texts.Key, texts => texts.First().From);
        return from person in driver.Questions.Where(question => people.ContainsKey(question.Last)).GroupBy(question => people[question.Last])
               let runs = person.OrderBy(question => question.ArrivedAt).ToList()
               from pair in runs.Zip(runs.Skip(1))
               where pair.First.EndedAt is { } ended && pair.Second.ArrivedAt < ended
               select $"{pair.Second.Last} during {pair.First.Last}";
    }

    // Everything that began while all was stopped, and how long after the stop's commit.
    private static async Task<List<(string What, TimeSpan After, TimeSpan Lag)>> LateAsync(RoadDriver driver, TestDatabase database)
    {
        var flips = await database.ListAsync<DateTime>("select at from control_flips where name = 'kill' and at >= $1 order by ver", driver.BeganAt);
        var stops = await database.ListAsync<bool>("select stopped from control_flips where name = 'kill' and at >= $1 order by ver", driver.BeganAt);
        var begun = driver.Requests.Where(request => request.Send is not null).Select(request => (What: "send", At: request.ArrivedAt.UtcDateTime))
            .Concat(driver.Questions.Select(question => (What: "question", At: question.ArrivedAt.UtcDateTime))).ToList();
        return [.. from index in Enumerable.Range(0, flips.Count)
            where stops[index]
            let until = index + 1 < flips.Count ? flips[index + 1] : DateTime.MaxValue
            from one in begun
            where one.At > flips[index] && one.At < until
            let after = one.At - flips[index]
            select (string.Create(CultureInfo.InvariantCulture, $"{one.What} {after.TotalMilliseconds:0} ms after a stop"), after, LagWatch.Between(flips[index], one.At))];
    }

    // From each STOP's commit to the START that ends it.
    private static async Task<List<(string From, long Number, DateTimeOffset At, long EndNumber, DateTimeOffset End)>> SilencesAsync(
        List<PostedText> log, TestDatabase database)
    {
        List<(string, long, DateTimeOffset, long, DateTimeOffset)> silences = [];
        foreach (var person in log.Where(text => text.Body is "STOP" or "START").GroupBy(text => text.From))
        {
            var words = person.OrderBy(text => text.Number).ToList();
            for (var index = 0; index < words.Count; index++)
            {
                if (words[index].Body != "STOP")
                    continue;
                var end = words.Skip(index).FirstOrDefault(word => word.Body == "START");
                silences.Add((person.Key, words[index].Number, await StoredAtAsync(words[index], database),
                    end?.Number ?? long.MaxValue, end is null ? DateTimeOffset.MaxValue : await StoredAtAsync(end, database)));
            }
        }

        return silences;
    }

    private static async Task<DateTimeOffset> StoredAtAsync(PostedText text, TestDatabase database) =>
        await database.ScalarAsync<DateTime?>("select created_at from messages where sid = $1 and direction = 'in'", text.Sid) ?? DateTimeOffset.MaxValue.UtcDateTime;

    // STOP and START themselves get no answer, nor what lies between; what came just before a STOP may get one or none.
    private static bool IsSilent(List<(string From, long Number, DateTimeOffset At, long EndNumber, DateTimeOffset End)> silences, PostedText text) =>
        text.Body is "STOP" or "START" || silences.Any(silence => silence.From == text.From && text.Number < silence.EndNumber);

    private static IEnumerable<string> AfterOptOut(
        IReadOnlyList<LoopbackText> accepted, List<(string From, long Number, DateTimeOffset At, long EndNumber, DateTimeOffset End)> silences) =>
        from silence in silences
        from text in accepted
        where text.To == silence.From && text.At > silence.At + StopsWithin && text.At < silence.End
        select $"{(text.At - silence.At).TotalMilliseconds:0} ms after STOP";
}

/// <summary>What a run came to.</summary>
public sealed record RoadReport
{
    /// <summary>Texts people sent.</summary>
    public required int Attempted { get; init; }

    /// <summary>Texts whose webhook was answered 200.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Texts the carrier took from us.</summary>
    public required int Accepted { get; init; }

    /// <summary>Questions the model got.</summary>
    public required int Questions { get; init; }

    /// <summary>Answered 200, and no answer ever left.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Answered 200, and not in the database.</summary>
    public required IReadOnlyList<string> Unkept { get; init; }

    /// <summary>Answered more than once.</summary>
    public required IReadOnlyList<string> Duplicated { get; init; }

    /// <summary>The carrier took a text that answers nothing.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>The carrier took a text whose id our database doesn't know.</summary>
    public required IReadOnlyList<string> Unbound { get; init; }

    /// <summary>Answered after a later text of the same person.</summary>
    public required IReadOnlyList<string> Reordered { get; init; }

    /// <summary>Asked the model while it was still thinking about the same person's text before.</summary>
    public required IReadOnlyList<string> Overlapping { get; init; }

    /// <summary>Sends and questions that began while all was stopped, later than a stop may take.</summary>
    public required IReadOnlyList<string> AfterStopAll { get; init; }

    /// <summary>The longest anything began after a stop's commit.</summary>
    public required TimeSpan LatestAfterStopAll { get; init; }

    /// <summary>How late the test itself was to notice what began after a stop.</summary>
    public required TimeSpan OwnDelay { get; init; }

    /// <summary>Texts the carrier took for somebody who had written STOP.</summary>
    public required IReadOnlyList<string> AfterOptOut { get; init; }

    /// <summary>No answer ever left, whatever the webhook was answered.</summary>
    public required IReadOnlyList<string> Unanswered { get; init; }

    /// <summary>Why texts were set aside for a person to decide.</summary>
    public required IReadOnlyList<string> DeadLetters { get; init; }

    /// <summary>Uncertain sends that were looked up.</summary>
    public required long Recovered { get; init; }

    /// <summary>People whose texts or costs are counted otherwise than their messages say, and the service's whole spend.</summary>
    public required IReadOnlyList<string> Miscounted { get; init; }

    /// <summary>The tokens the model's own ledger counted. More than we kept, where a question was asked and its answer lost with a replica.</summary>
    public required long TokensCounted { get; init; }

    /// <summary>The tokens our messages say they cost.</summary>
    public required long TokensKept { get; init; }

    /// <summary>Work left in the queue.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Conversations somebody still holds.</summary>
    public required long Leased { get; init; }

    /// <summary>What happened to the first few texts that went wrong.</summary>
    public string Stories { get; init; } = "";

    /// <summary>Every figure with its name, the ones that must be zero first.</summary>
    public IEnumerable<(string Name, string Value)> Figures =>
    [
        ("lost", Of(Lost)), ("not kept", Of(Unkept)), ("duplicated", Of(Duplicated)), ("unexpected", Of(Unexpected)), ("unbound", Of(Unbound)),
        ("reordered", Of(Reordered)), ("overlapping", Of(Overlapping)), ("after a stop", Of(AfterStopAll)), ("after STOP", Of(AfterOptOut)),
        ("dead letters", Of(DeadLetters)), ("miscounted", Of(Miscounted)),
        ("left in the queue", $"{Unfinished}"), ("leases left", $"{Leased}"),
        ("attempted", $"{Attempted}"), ("unanswered", Of(Unanswered)), ("acknowledged", $"{Acknowledged}"), ("taken by the carrier", $"{Accepted}"),
        ("questions to the model", $"{Questions}"), ("recovered", $"{Recovered}"),
        ("model's tokens", $"{TokensCounted}"), ("tokens kept", $"{TokensKept}"),
    ];

    /// <summary>Nothing lost, nothing twice, nothing out of order, nothing left.</summary>
    public void ShouldBeClean() => ToString().ShouldBe((this with
    {
        Lost = [],
        Unkept = [],
        Duplicated = [],
        Unexpected = [],
        Unbound = [],
        Reordered = [],
        Overlapping = [],
        AfterStopAll = [],
        AfterOptOut = [],
        DeadLetters = [],
        Miscounted = [],
        Unfinished = 0,
        Leased = 0,
    }).ToString(), Stories);

    public override string ToString() => string.Join(", ", Figures.Select(figure => $"{figure.Name} {figure.Value}"));

    private static string Of(IReadOnlyList<string> found) => found.Count == 0 ? "0" : $"{found.Count} ({string.Join("; ", found.Take(5))})";
}
