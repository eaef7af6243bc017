using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-09, RF-10, RF-12, RF-13: what the service stands on goes away, hangs, and comes back.</summary>
[Collection(FaultCollection.Name)]
public sealed class Outages(TwoReplicas two)
{
    private const string ShortForm = "Its short form is one of OutageJourney's tests.";

    private static readonly TimeSpan LeaseAndSettle = TimeSpan.FromSeconds(4.2);

    [Fact]
    public async Task RF09_A_database_that_crashes_three_times_loses_nothing()
    {
        Assert.SkipUnless(FaultRun.IsLong, ShortForm);
        using var run = new FaultRun("RF-09", "database crash");
        await using var postgres = await TestPostgres.StartNewAsync(durable: true);
        await using var service = await Service.PrepareAsync(postgres);
        service.Settings.Remove("Intake:Patience");
        var app = await service.AddReplicaAsync();
        await service.Driver.CrowdAsync(() => app, people: 60, each: 30, first: 500, perSecond: 120);
        var before = app.ResidentBytes;
        var isOver = false;
        var crowd = service.Driver.CrowdAsync(() => app, people: 60, each: 15, TimeSpan.FromSeconds(60), perSecond: 60, goesOn: () => !isOver);
        for (var crash = 0; crash < 3; crash++)
        {
            await Task.Delay(run.Random.Next(2000, 4000));
            await postgres.CrashAsync();
            run.Caused("PostgreSQL stops at once");
            await Task.Delay(1500);
            await postgres.StartAsync();
            run.Caused("PostgreSQL starts");
            service.Database.Owner.Clear();
        }

        isOver = true;
        await crowd;
        var rest = Stopwatch.GetTimestamp();
        await service.IdleAsync(60);
        var drain = Stopwatch.GetElapsedTime(rest);
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("refused tries", service.Driver.Refusals.Count);
        run.Note("slowest refusal, ms", Math.Round(service.Driver.Refusals.DefaultIfEmpty().Max(refusal => refusal.Took.TotalMilliseconds)));
        run.Note("drain, s", Math.Round(drain.TotalSeconds, 1));
        var after = app.ResidentBytes;
        run.Note("resident memory before and after, MB", $"{before >> 20} and {after >> 20}");
        report.ShouldBeClean();
        report.Acknowledged.ShouldBe(report.Attempted);
        service.Driver.Refusals.ShouldAllBe(refusal => refusal.Status == HttpStatusCode.ServiceUnavailable);
        service.Driver.Refusals.ShouldAllBe(refusal => refusal.Took < TimeSpan.FromSeconds(1.5));
        drain.ShouldBeLessThan(LeaseAndSettle + TimeSpan.FromSeconds(2.3));
        (after / (double)before).ShouldBeLessThan(1.2);
        app.HasEnded.ShouldBeFalse();
        run.Passed();
    }

    [Fact]
    public async Task RF10_Texts_that_came_while_every_replica_was_down_are_fetched_once()
    {
        using var run = new FaultRun("RF-10a", "both replicas down for longer than the carrier's patience");
        var service = await two.BeginAsync();
        await service.Driver.CrowdAsync(() => two.A, people: 5, each: 1, first: 2000);
        await service.IdleAsync();
        await Task.WhenAll(two.A.KillAsync(), two.B.KillAsync());
        run.Caused("both replicas are killed");
        var given = GiveUp(service, FaultRun.Size(20, 200));
        await Task.Delay(FaultRun.Size(TimeSpan.Zero, TimeSpan.FromSeconds(60)));
        await Task.WhenAll(service.ReplaceAsync(two.A), service.ReplaceAsync(two.B));
        run.Caused("both are started again");
        await FetchedAsync(run, service, given);
        two.Pass(run);
    }

    [Fact]
    public async Task RF10_Texts_that_came_while_the_database_was_down_are_fetched_once()
    {
        Assert.SkipUnless(FaultRun.IsLong, ShortForm);
        using var run = new FaultRun("RF-10b", "database down for longer than the carrier's patience");
        await using var postgres = await TestPostgres.StartNewAsync(durable: true);
        await using var service = await Service.PrepareAsync(postgres);
        service.Settings.Remove("Intake:Patience");
        await service.AddReplicaAsync();
        await service.Driver.CrowdAsync(() => service.App, people: 5, each: 1, first: 2000);
        await service.IdleAsync();
        await postgres.CrashAsync();
        run.Caused("PostgreSQL stops");
        var given = GiveUp(service, 200);
        await Task.Delay(TimeSpan.FromSeconds(60));
        await postgres.StartAsync();
        service.Database.Owner.Clear();
        run.Caused("PostgreSQL starts");
        await FetchedAsync(run, service, given);
        run.Passed();
    }

    [Fact]
    public async Task RF12_Whatever_hangs_the_process_answers_and_recovers()
    {
        Assert.SkipUnless(FaultRun.IsLong, ShortForm);
        using var run = new FaultRun("RF-12", "hung, not dead");
        await using var postgres = await TestPostgres.StartNewAsync(durable: true);
        await using var redis = await Redis.TestRedisServer.StartNewAsync();
        await using var service = await Service.PrepareAsync(postgres, redis);
        service.Settings.Remove("Intake:Patience");
        var app = await service.AddReplicaAsync();
        await service.Driver.CrowdAsync(() => app, people: 60, each: 2, first: 500);
        var isOver = false;
        var health = WatchHealthAsync(app, () => isOver);
        var crowd = service.Driver.CrowdAsync(() => app, people: 60, each: 15, TimeSpan.FromSeconds(60), perSecond: 30, goesOn: () => !isOver);
        await HangAsync(run, "PostgreSQL", postgres.FreezeAsync, postgres.ThawAsync);
        await app.ReadyAsync();
        await HangAsync(run, "Redis", () => Do(redis.Freeze), () => Do(redis.Thaw));
        await HangAsync(run, "the model", () => Do(() => service.Model.Decide = _ => SmsAi.Bench.Loopback.ModelAct.Hang), () => Do(service.Settle));
        await HangAsync(run, "the carrier", () => Do(() => service.Carrier.Script.Decide = _ => SmsAi.Bench.Loopback.CarrierAct.Hang), () => Do(service.Settle));
        isOver = true;
        await crowd;
        await service.IdleAsync(120);
        var answers = await health;
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("/health p99 and slowest, ms", $"{answers[(int)(answers.Count * 0.99)].TotalMilliseconds:0} and {answers[^1].TotalMilliseconds:0}");
        run.Note("refused tries", service.Driver.Refusals.Count);
        run.Note("slowest refusal, ms", Math.Round(service.Driver.Refusals.DefaultIfEmpty().Max(refusal => refusal.Took.TotalMilliseconds)));
        // Who asked the hanging model three times in vain gets the apology: an answer, if not the echo.
        (report with { Lost = [], Unanswered = [], Unexpected = [], Unbound = [] }).ShouldBeClean();
        report.Accepted.ShouldBe(report.Acknowledged);
        answers[(int)(answers.Count * 0.99)].ShouldBeLessThan(TimeSpan.FromMilliseconds(200));
        service.Driver.Refusals.ShouldAllBe(refusal => refusal.Took < TimeSpan.FromSeconds(1.5));
        app.Output.ShouldNotContain("unobserved", Case.Insensitive);
        run.Passed();
    }

    [Fact]
    public async Task RF13_Without_Redis_answers_go_on_as_fast()
    {
        Assert.SkipUnless(FaultRun.IsLong, ShortForm);
        using var run = new FaultRun("RF-13", "Redis gone");
        var service = await two.BeginAsync();
        var turn = 0;
        var isOver = false;
        var crowd = service.Driver.CrowdAsync(() => service.Replicas[Interlocked.Increment(ref turn) % 2], people: 60, each: 15, perSecond: 60, goesOn: () => !isOver);
        await Task.Delay(5000);
        var usual = RoadDriver.Tail(service.Driver.Log);
        var seen = service.Driver.Log.Count;
        await using var mara = await Visitor.SignedInAsync(two.A, Service.OwnerEmail, Operators.Password);
        var said = mara.Page.Locator("header.rail").GetByText("Redis is away");
        await two.Redis.StopAsync();
        run.Caused("Redis is killed");
        var killed = Stopwatch.GetTimestamp();
        await said.WaitForAsync();
        run.Note("the console says that Redis is away after, s", Seconds(killed));
        Stopwatch.GetElapsedTime(killed).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await Task.Delay(TimeSpan.FromSeconds(30) - Stopwatch.GetElapsedTime(killed));
        var without = RoadDriver.Tail(service.Driver.Log.Skip(seen));
        await two.Redis.StartAsync();
        run.Caused("Redis starts, empty");
        var started = Stopwatch.GetTimestamp();
        await said.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        run.Note("and no longer, after its return, s", Seconds(started));
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await two.Redis.EmptyAsync();
        run.Caused("Redis is emptied");
        await Task.Delay(3000);
        isOver = true;
        await crowd;
        await service.IdleAsync(60);
        await two.Redis.EmptyAsync();
        run.Caused("Redis is emptied again");
        var emptied = Stopwatch.GetTimestamp();
        var texts = await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'in' and created_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'");
        await Until.TrueAsync(async () => await CounterAsync() == texts, "the day's counter says what the database says", 10);
        run.Note("day's counter right again, s", Math.Round(Stopwatch.GetElapsedTime(emptied).TotalSeconds, 1));
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("webhook p99 before, ms", Math.Round(usual.TotalMilliseconds));
        run.Note("webhook p99 without Redis, ms", Math.Round(without.TotalMilliseconds));
        report.ShouldBeClean();
        report.Acknowledged.ShouldBe(report.Attempted);
        service.Driver.Log.Max(text => text.Tries).ShouldBe(1);
        report.TokensKept.ShouldBe(report.TokensCounted);
        two.Pass(run);

        static double Seconds(long since) => Math.Round(Stopwatch.GetElapsedTime(since).TotalSeconds, 1);

        async Task<long?> CounterAsync() => (long?)await service.Redis!.FieldAsync($"metrics:{DateTimeOffset.UtcNow:yyyyMMdd}", "messages");
    }

    private static List<PostedText> GiveUp(Service service, int people) =>
        [.. Enumerable.Range(2100, people).Select(person => service.Driver.GiveUp(RoadDriver.NumberOf(person), RoadDriver.BodyOf(person, 0)))];

    // All are there through the sweep, and webhooks that come late all the same change nothing.
    private static async Task FetchedAsync(FaultRun run, Service service, List<PostedText> given)
    {
        var started = Stopwatch.GetTimestamp();
        var late = await Task.WhenAll(given.Take(5).Select(text => service.Driver.BringAsync(service.App, text)));
        late.Where(status => status is not null).ShouldAllBe(status => status == HttpStatusCode.OK || status == HttpStatusCode.ServiceUnavailable);
        try
        {
            await Until.TrueAsync(async () => await SweptAsync(service) + 5 >= given.Count, "the sweep has fetched what nobody brought", 30);
            await Until.TrueAsync(() => service.Driver.Accepted.Count >= given.Count + 5, "all are answered", 30);
            await service.IdleAsync(30);
        }
        catch (TimeoutException)
        {
            // The figures below say it better.
        }

        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("fetched by the sweep", await SweptAsync(service));
        run.Note("from the return to the last answer, s", Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1));
        report.Unanswered.Count.ShouldBe(0, report.ToString());
        report.ShouldBeClean();
        (await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'in' and created_at >= $1", service.Driver.BeganAt)).ShouldBe(given.Count + 5);
    }

    private static Task<long> SweptAsync(Service service) =>
        service.Database.ScalarAsync<long>("select count(*) from messages where ingested_via = 'sweep' and created_at >= $1", service.Driver.BeganAt);

    private static async Task HangAsync(FaultRun run, string what, Func<Task> hang, Func<Task> thaw)
    {
        await Task.Delay(1000);
        await hang();
        run.Caused(what + " hangs");
        await Task.Delay(TimeSpan.FromSeconds(10));
        await thaw();
        run.Caused(what + " goes on");
    }

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static async Task<List<TimeSpan>> WatchHealthAsync(AppProcess app, Func<bool> isOver)
    {
        List<TimeSpan> answers = [];
        while (!isOver())
        {
            var asked = Stopwatch.GetTimestamp();
            (await app.StatusAsync("/health")).ShouldBe(HttpStatusCode.OK);
            answers.Add(Stopwatch.GetElapsedTime(asked));
            await Task.Delay(100);
        }

        return [.. answers.Order()];
    }
}
