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
    private const string Echo = "Echo: ";

    /// <summary>Counts everything at once; prints the counts, whatever they are.</summary>
    public static async Task<RoadReport> CheckAsync(RoadDriver driver, LoopbackCarrier carrier, LoopbackModel model, TestDatabase database)
    {
        var log = driver.Log.ToList();
        var acknowledged = log.Where(text => text.Status == HttpStatusCode.OK).ToList();
        var asked = log.ToDictionary(text => (text.From, text.Body));
        var answers = carrier.Ledger.Accepted.Where(text => text.Body.StartsWith(Echo, StringComparison.Ordinal))
            .Select(text => (text.Sid, Key: (text.To, Body: text.Body[Echo.Length..]))).ToList();
        var answered = answers.Select(answer => answer.Key).ToHashSet();
        var bound = (await database.ListAsync<string>("select sid from messages where direction = 'out' and sid is not null")).ToHashSet();
        var kept = (await database.ListAsync<string>("select sid from messages where direction = 'in'")).ToHashSet();

        var report = new RoadReport
        {
            Attempted = log.Count,
            Acknowledged = acknowledged.Count,
            Accepted = carrier.Ledger.Accepted.Count,
            Questions = model.Questions.Count,
            Lost = [.. acknowledged.Where(text => !answered.Contains((text.From, text.Body))).Select(text => text.Body)],
            Unkept = [.. acknowledged.Where(text => !kept.Contains(text.Sid)).Select(text => text.Body)],
            Duplicated = [.. answers.GroupBy(answer => answer.Key).Where(group => group.Count() > 1).Select(group => $"{group.Key.Body} x{group.Count()}")],
            Unexpected = [.. carrier.Ledger.Accepted.Where(text => !asked.ContainsKey((text.To, AnsweredBy(text.Body)))).Select(text => $"{text.To}: {text.Body}")],
            Unbound = [.. carrier.Ledger.Accepted.Where(text => !bound.Contains(text.Sid)).Select(text => text.Sid)],
            Reordered = [.. Reordered(answers.Select(answer => asked.GetValueOrDefault(answer.Key)))],
            Recovered = await database.ScalarAsync<long>("select count(*) from messages where recovered is not null"),
            Unfinished = await database.ScalarAsync<long>("select count(*) from queue where state <> 'held'"),
            Leased = await database.ScalarAsync<long>("select count(*) from conversations where lease_until is not null"),
        };
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        return report;
    }

    private static string AnsweredBy(string body) => body.StartsWith(Echo, StringComparison.Ordinal) ? body[Echo.Length..] : "";

    // The first answer to each text counts; a later copy is a duplicate already.
    private static IEnumerable<string> Reordered(IEnumerable<PostedText?> answers) =>
        from person in answers.OfType<PostedText>().Distinct().GroupBy(text => text.From)
        from pair in person.Zip(person.Skip(1))
        where pair.Second.Number < pair.First.Number
        select $"{pair.Second.Body} after {pair.First.Body}";
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

    /// <summary>Uncertain sends that were looked up.</summary>
    public required long Recovered { get; init; }

    /// <summary>Work left in the queue.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Conversations somebody still holds.</summary>
    public required long Leased { get; init; }

    /// <summary>Nothing lost, nothing twice, nothing out of order, nothing left.</summary>
    public void ShouldBeClean() => ToString().ShouldBe((this with { Lost = [], Unkept = [], Duplicated = [], Unexpected = [], Unbound = [], Reordered = [], Unfinished = 0, Leased = 0 }).ToString());

    public override string ToString() => $"""
        attempted {Attempted}, acknowledged {Acknowledged}, taken by the carrier {Accepted}, questions to the model {Questions}, recovered {Recovered}
        lost {Of(Lost)}, not kept {Of(Unkept)}, duplicated {Of(Duplicated)}, unexpected {Of(Unexpected)}, unbound {Of(Unbound)}, reordered {Of(Reordered)}
        left in the queue {Unfinished}, leases left {Leased}
        """;

    private static string Of(IReadOnlyList<string> found) => found.Count == 0 ? "0" : $"{found.Count} ({string.Join("; ", found.Take(5))})";
}
