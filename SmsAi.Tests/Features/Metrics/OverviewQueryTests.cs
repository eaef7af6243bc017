using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Tasks;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The Overview's figures on a real database, from events and rows written by hand.</summary>
public sealed class OverviewQueryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 14, 31, 30, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private HandPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _person = await HandPerson.AddAsync(_database);
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private Task<OverviewSnapshot> ReadAsync(decimal? perDay = null) => new OverviewQuery(
        _database.Databases, Options.Create(new SpendOptions { PerDayUsd = perDay }), new StandingClock(Now)).ReadAsync(CancellationToken.None);

    private async Task CountAsync()
    {
        await _database.ReadAllAsync(HandMetrics.Reader(_database, perDay: 60));
        await _database.ReadAllAsync(new PeopleReader());
        await _database.ReadAllAsync(new TasksReader());
    }

    [Fact]
    public async Task Empty_service_shows_zeros_and_sixty_minutes()
    {
        var shown = await ReadAsync(perDay: 60);
        shown.Today.ShouldBe(new DayFigures(0, 0, 0, 0, 0, 0, 0, 0, 60_000_000));
        shown.Today.ErrorRate.ShouldBeNull();
        shown.Today.ReceivedChange.ShouldBeNull();
        shown.Now.ShouldBe(new MinuteRate(0, 0, 0, null));
        (shown.Hour.AnswerP50, shown.Hour.AnswerP95).ShouldBe((null, null));
        shown.Queue.ShouldBe(new QueueFigures(0, null, 0, null));
        shown.Hour.Steps.Count.ShouldBe(60);
        shown.Hour.Steps[0].ShouldBe(new OverviewStep(new(2026, 3, 10, 13, 32, 0, TimeSpan.Zero), 0, 0, null, null));
        shown.Hour.Steps[59].At.ShouldBe(new DateTimeOffset(2026, 3, 10, 14, 31, 0, TimeSpan.Zero));
        shown.Hour.Bands.ShouldBeEmpty();
        shown.NeedsYou.ShouldBeEmpty();
        shown.Tail.ShouldBeEmpty();
    }

    [Fact]
    public async Task Figures_of_the_day_the_minute_and_the_hour_are_those_of_the_ledger()
    {
        // A week ago: two before this time of day, one after it. Yesterday: one, in no figure.
        await _person.EventAsync("received", "{}", at: Now.AddDays(-7).AddHours(-1));
        await _person.EventAsync("received", "{}", at: Now.AddDays(-7).AddMinutes(-2));
        await _person.EventAsync("received", "{}", at: Now.AddDays(-7).AddHours(2));
        await _person.EventAsync("received", "{}", at: Now.AddDays(-1));
        // This morning three in one minute; in the last minute two; in this one one.
        foreach (var seconds in (int[])[-18_000, -18_001, -18_002, -40, -45, -10])
            await _person.EventAsync("received", "{}", at: Now.AddSeconds(seconds));
        await _person.MessageAsync(1000, Now.AddSeconds(-20));
        await _person.EventAsync("answered", """{"m":2000,"r":1000,"kind":"answer","model":"x","in":1,"out":1,"micros":42}""", 1000, Now.AddSeconds(-19));
        await _person.EventAsync("sent", """{"m":2000,"micros":7900}""", 1000, Now.AddSeconds(-18));
        await _person.EventAsync("status", """{"m":2000,"status":"delivered"}""", 1000, Now.AddSeconds(-17));
        await _person.EventAsync("failed", """{"m":2001,"code":21211}""", 1001, Now.AddSeconds(-16));
        await CountAsync();

        var shown = await ReadAsync();
        shown.Today.ShouldBe(new DayFigures(
            Received: 6, ReceivedWeekAgo: 2, Sent: 1, Delivered: 1, Errors: 1, ActiveUsers: 1, ModelMicros: 42, CarrierMicros: 7900, CapMicros: 60_000_000));
        shown.Today.CostMicros.ShouldBe(7942);
        shown.Today.ReceivedChange.ShouldBe(2.0);
        // Half of the last minute's two lie within sixty seconds, and this minute's one and what it sent.
        shown.Now.ShouldBe(new MinuteRate(2, 1, 3, new DateTimeOffset(2026, 3, 10, 9, 31, 0, TimeSpan.Zero)));
        shown.Hour.Steps[58].ShouldBe(new OverviewStep(new(2026, 3, 10, 14, 30, 0, TimeSpan.Zero), 2, 0, null, null));
        // Two seconds: the bucket from 1.6 to 2 s.
        shown.Hour.Steps[59].ShouldBe(new OverviewStep(new(2026, 3, 10, 14, 31, 0, TimeSpan.Zero), 1, 1, 1800, 1980));
        (shown.Hour.AnswerP50, shown.Hour.AnswerP95).ShouldBe((1800, 1980));
    }

    [Fact]
    public async Task Queue_tells_waiting_from_held_and_from_what_is_not_due()
    {
        await _database.ExecuteAsync("""
            insert into queue (id, conversation_id, user_id, inbound_id, message_at, position, state, run_at) values
              (1, 1, 1, 1, now() - interval '50 s', 1, 'queued', now() - interval '1 s'),
              (2, 2, 1, 2, now() - interval '90 s', 1, 'running', now() - interval '90 s'),
              (3, 3, 1, 3, now() - interval '400 s', 1, 'queued', now() + interval '60 s'),
              (4, 4, 1, 4, now() - interval '300 s', 1, 'held', now() - interval '300 s'),
              (5, 5, 1, 5, now() - interval '120 s', 4, 'held', now() - interval '120 s'),
              -- Before and behind what is held in its conversation, and a notice, which overtakes it.
              (6, 5, 1, 6, now() - interval '80 s', 3, 'queued', now() - interval '80 s'),
              (7, 5, 1, 7, now() - interval '110 s', 5, 'queued', now() - interval '110 s'),
              (8, 5, 1, 8, now() - interval '109 s', 6, 'queued', now() - interval '109 s'),
              (9, 5, 1, null, now() - interval '70 s', 7, 'queued', now() - interval '70 s')
            """);
        var queue = (await ReadAsync()).Queue;
        (queue.Waiting, queue.Held).ShouldBe((4, 4));
        queue.OldestWaiting!.Value.TotalSeconds.ShouldBeInRange(90, 150);
        queue.OldestHeld!.Value.TotalSeconds.ShouldBeInRange(300, 360);
    }

    [Fact]
    public async Task What_needs_a_person_is_named_once_with_its_reasons()
    {
        await _person.MessageAsync(2000, Now, direction: "out", kind: "answer", state: "uncertain");
        await _person.MessageAsync(2001, Now, direction: "out", kind: "answer", state: "needs_person");
        await _person.MessageAsync(2002, Now, direction: "out", kind: "answer", state: "sending");
        await _database.ExecuteAsync("""
            insert into dead_letters (message_id, message_at, conversation_id, user_id, class, reason, tries, crashes, at, resolved_at) values
              (11, now(), 1, 1, 1, 'crashes', 0, 3, '2026-03-10 14:00Z', null),
              (12, now(), 1, 1, 1, 'carrier_unreachable', 3, 0, '2026-03-10 14:10Z', null),
              (13, now(), 1, 1, 1, 'crashes', 0, 3, '2026-03-10 12:00Z', now());
            insert into dead_letters (message_id, message_at, conversation_id, user_id, class, reason, tries, crashes, outbound_id, outbound_at)
              select 2001, created_at, conversation_id, user_id, 1, 'uncertain', 0, 0, id, created_at from messages where id = 2001;
            insert into queue (id, conversation_id, user_id, message_at, position, outbound_id, outbound_at)
              select id, conversation_id, user_id, created_at, 1, id, created_at from messages where id in (2000, 2002);
            insert into error_logs (error_type, error_message, severity, resolved, at) values
              ('Disk', 'x', 'CRITICAL', false, '2026-03-10 14:00Z'), ('Net', 'x', 'HIGH', false, now()), ('Disk', 'x', 'CRITICAL', true, now())
            """);
        (await ReadAsync()).NeedsYou.OrderBy(item => item.Kind).Select(item => $"{item.Kind}: {item.Title}, {item.Detail}, {item.Message}").ShouldBe([
            "critical: 1 critical error, Disk, ",
            "dead_letters: 2 dead letters, carrier unreachable, crashes, 12",
            "needs_person: 1 text needs a person, the carrier could not say whether it has them, 2001",
            "uncertain: 1 text uncertain, the carrier is asked before anything is sent again, 2000"]);
    }

    [Fact]
    public async Task Replica_that_cannot_prove_its_stop_and_a_broken_chain_need_a_person()
    {
        await _database.ExecuteAsync("""
            insert into replicas (id, name, started_at, seen_at) values (1, 'app-1', now() - interval '1 hour', now()), (2, 'app-2', now() - interval '1 hour', now()),
              (3, 'app-3', now() - interval '1 hour', now() - interval '1 hour'), (4, 'app-4', now() - interval '1 minute', now()), (5, 'app-5', now() - interval '1 hour', now());
            insert into stop_checks (replica_id, at, took_ms, replicas, confirming, fault) values
              (1, now() - interval '40 seconds', 9, 4, 4, null), (2, now() - interval '6 minutes', 9, 4, 4, null), (2, now(), 9, 4, 4, 'failed'),
              (5, now() - interval '1 minute', 9, 4, 4, null), (5, now(), 9, 4, 4, 'leaked');
            insert into audit_verdicts (by_name, rows, took_ms, head_id, head_hash, fault, first_broken, last_broken) values
              ('SmsAi', 10, 1, 10, '', 'altered', 7, 7)
            """);
        (await ReadAsync()).NeedsYou.OrderBy(item => item.Kind).Select(item => $"{item.Kind}: {item.Title}, {item.Detail}").ShouldBe([
            "cannot_stop: 2 replicas can't prove that they stop, app-2, app-5",
            "chain: The audit trail's chain is broken, altered"]);

        await _database.ExecuteAsync("""
            insert into audit_verdicts (by_name, rows, took_ms, head_id, head_hash) values ('SmsAi', 10, 1, 10, '');
            insert into stop_checks (replica_id, at, took_ms, replicas, confirming) values (2, clock_timestamp(), 9, 4, 4), (5, clock_timestamp(), 9, 4, 4)
            """);
        (await ReadAsync()).NeedsYou.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bands_come_from_the_flips_of_the_hour_and_the_last_before_it()
    {
        await _database.ExecuteAsync("""
            insert into control_flips (ver, name, stopped, by_name, at) values
              (1, 'kill', true, 'Ann', '2026-03-10 10:00Z'), (2, 'kill', false, 'Ann', '2026-03-10 11:00Z'),
              (3, 'pause', true, 'Ben', '2026-03-10 13:00Z'), (4, 'pause', false, 'Ben', '2026-03-10 13:40Z'), (5, 'kill', true, 'Cem', '2026-03-10 14:30Z')
            """);
        (await ReadAsync()).Hour.Bands.Select(band => $"{band.Switch} {band.From:HH:mm}-{band.Until:HH:mm} {band.By}")
            .ShouldBe(["pause 13:32-13:40 Ben", "kill 14:30- Cem"]);
    }

    [Fact]
    public async Task Tail_shows_the_newest_with_what_the_queue_knows_and_no_text()
    {
        await _person.MessageAsync(1000, Now.AddSeconds(-9), "first", sid: "SM1");
        await _person.MessageAsync(1001, Now.AddSeconds(-8), "second", sid: "SM2");
        await _person.MessageAsync(1002, Now.AddSeconds(-7), "third", sid: "SM3");
        await _person.MessageAsync(1003, Now.AddSeconds(-6), null, sid: "SM4");
        await _person.MessageAsync(2000, Now.AddSeconds(-5), "réponse", "out", "answer", "sent", replyTo: 1000);
        await _person.MessageAsync(2001, Now.AddSeconds(-4), "by hand", "out", "manual", "pending");
        await _database.ExecuteAsync("update messages set answer_ms = 4100, model_micros = 42, carrier_micros = 7900 where id = 2000");
        await _database.ExecuteAsync("""
            insert into queue (id, conversation_id, user_id, inbound_id, message_at, position, state) values
              (1001, 1, 1, 1001, now(), 1, 'running'), (1002, 1, 1, 1002, now(), 2, 'held'), (2001, 1, 1, null, now(), 3, 'queued')
            """);
        foreach (var id in (int[])[1000, 1001, 1002, 1003])
            await _person.EventAsync("received", $$"""{"m":{{id}}}""", id, Now);
        await _person.EventAsync("answered", """{"m":2000,"r":1000,"kind":"answer","category":"Coding"}""", 1000, Now);
        await CountAsync();

        (await ReadAsync()).Tail.Select(row =>
            $"{row.Id} {(row.IsInbound ? "in" : "out")} {row.Alias} {row.Tail} [{row.Kind}] {row.State} {row.AnswerMilliseconds} {row.CostMicros} {row.Length}").ShouldBe([
            "2001 out amber-otter-41 67 [By hand] queued   7",
            "2000 out amber-otter-41 67 [Coding] sent 4100 7942 8",
            "1003 in amber-otter-41 67 [] received   ",
            "1002 in amber-otter-41 67 [] held   5",
            "1001 in amber-otter-41 67 [] answering   6",
            "1000 in amber-otter-41 67 [Coding] answered   5"]);
    }
}
