using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Receipts;

/// <summary>Receipts in PostgreSQL: shuffled, repeated, early, unknown, and what they entail.</summary>
public sealed class ReceiptWriterTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ReceiptWriter _writer = null!;
    private SampleThread _thread = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _writer = Writer(_database);
        _thread = await SampleThread.CreateAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Delivered_text_says_so()
    {
        var id = await _thread.SentAsync(sid: "SM1");
        (await AddAsync("SM1", "delivered", messageId: id)).ShouldBe(ReceiptResult.Applied);
        (await _thread.StateAsync(id)).ShouldBe("delivered delivered");
        (await _thread.EventsAsync()).ShouldBe([$$"""2 status {"m": {{id}}, "code": null, "rank": 60, "status": "delivered"}"""]);
        (await _database.ScalarAsync<bool>("select final_at is not null from messages where id = $1", id)).ShouldBeTrue();
        (await _database.ScalarAsync<long>("select version from conversations")).ShouldBe(2);
    }

    [Fact]
    public async Task Failure_keeps_the_carriers_reason_until_better_news_come()
    {
        var id = await _thread.SentAsync(sid: "SM1");
        await AddAsync("SM1", "undelivered", 30008);
        (await _thread.StateAsync(id)).ShouldBe("undelivered undelivered 30008");
        (await _database.ScalarAsync<string>("select error_text from messages where id = $1", id)).ShouldNotBeNullOrEmpty();
        await AddAsync("SM1", "delivered");
        (await _thread.StateAsync(id)).ShouldBe("delivered delivered");
        (await _database.ScalarAsync<string>("select error_text from messages where id = $1", id)).ShouldBeNull();
        (await AddAsync("SM1", "undelivered", 30008)).ShouldBe(ReceiptResult.Known);
        (await _thread.StateAsync(id)).ShouldBe("delivered delivered");
    }

    [Fact]
    public async Task Fifty_equal_callbacks_at_once_change_it_once()
    {
        var id = await _thread.SentAsync(sid: "SM1");
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AddAsync("SM1", "delivered", messageId: id)));
        results.Count(result => result == ReceiptResult.Applied).ShouldBe(1);
        results.Count(result => result == ReceiptResult.Known).ShouldBe(49);
        (await _thread.EventsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Shuffled_repeated_receipts_of_many_texts_end_in_the_highest_state_on_two_replicas()
    {
        await using var other = Writer(_database);
        var random = new Random(20260301);
        var threads = new List<SampleThread>();
        for (var person = 0; person < 12; person++)
            threads.Add(await SampleThread.CreateAsync(_database, $"+1415555{1000 + person}", firstId: 10_000 + person * 100));
        List<(SampleThread Thread, long Id, Receipt Receipt)> all = [];
        for (var text = 0; text < 60; text++)
        {
            var sid = $"SM{text:x32}";
            // One in five is known only by our own id: its report is faster than the carrier's answer.
            var isEarly = text % 5 == 0;
            var owner = threads[text % threads.Count];
            var id = await owner.SentAsync(state: isEarly ? "sending" : "sent", sid: isEarly ? null : sid);
            foreach (var word in (string[])["queued", "sent", text % 3 == 0 ? "undelivered" : "sending", "delivered"])
                for (var times = random.Next(1, 4); times > 0; times--)
                    all.Add((owner, id, new Receipt(sid, id, word, word == "undelivered" ? 30008 : null)));
        }

        var shuffled = all.ToArray();
        random.Shuffle(shuffled);
        var results = await Task.WhenAll(shuffled.Select((one, index) => RepeatedAsync(index % 2 == 0 ? _writer : other, one.Receipt)));
        results.ShouldAllBe(result => result == ReceiptResult.Applied || result == ReceiptResult.Known);
        (await _database.ScalarAsync<long>("select count(*) from messages where state = 'delivered' and rank = 60 and carrier_status = 'delivered'")).ShouldBe(60);
        (await _database.ScalarAsync<long>("select count(*) from message_sids s join messages m on m.id = s.message_id and m.sid = s.twilio_sid")).ShouldBe(60);
        // No event is told twice, and each conversation's versions have no hole.
        (await _database.ScalarAsync<long>("select count(*) - count(distinct (data->>'m', data->>'status')) from events")).ShouldBe(0);
        (await _database.ScalarAsync<long>("select count(*) from events where data->>'status' = 'delivered'")).ShouldBe(60);
        (await _database.ScalarAsync<long>("""
            select count(*) from conversations c where version <> (
              select count(*) from events e where e.stream_id = c.id) + (select count(*) from messages m where m.conversation_id = c.id)
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task Early_receipt_resolves_a_text_whose_sending_nobody_knows_about()
    {
        var id = await _thread.SentAsync(state: "uncertain");
        await _database.ExecuteAsync(
            "insert into dead_letters (message_id, message_at, conversation_id, user_id, outbound_id, class, reason, tries, crashes) values ($1, now(), $2, $3, $1, 1, 'uncertain', 1, 0)",
            id, _thread.ConversationId, _thread.UserId);
        (await AddAsync("SM9", "sent", messageId: id)).ShouldBe(ReceiptResult.Applied);
        (await _thread.StateAsync(id)).ShouldBe("sent sent");
        (await _database.ScalarAsync<string>("select twilio_sid from message_sids where message_id = $1 and direction = 'out'", id)).ShouldBe("SM9");
        (await _database.ScalarAsync<string>("select resolved_by from dead_letters")).ShouldBe("carrier");
        (await AddAsync("SM9", "delivered")).ShouldBe(ReceiptResult.Applied, "now its SID alone is enough");
    }

    [Fact]
    public async Task Unknown_report_is_noted_and_invents_nothing()
    {
        (await AddAsync("SMunknown", "delivered", messageId: 4711)).ShouldBe(ReceiptResult.Unknown);
        (await _database.ListAsync<string>("select path || ' ' || verdict || ' ' || status || ' ' || sid || ' ' || message_id from webhook_log"))
            .ShouldBe(["/sms/status unknown 200 SMunknown 4711"]);
        (await _database.ScalarAsync<long>("select count(*) from messages")).ShouldBe(0);
    }

    [Fact]
    public async Task Report_about_a_text_of_hers_is_unknown()
    {
        var id = await _thread.SaysAsync("hello");
        await _database.ExecuteAsync("insert into message_sids (twilio_sid, message_id, created_at, direction) select 'SMin', id, created_at, 'in' from messages where id = $1", id);
        (await AddAsync("SMin", "delivered")).ShouldBe(ReceiptResult.Unknown);
        (await AddAsync("SMother", "delivered", messageId: id)).ShouldBe(ReceiptResult.Unknown);
        (await _thread.StateAsync(id)).ShouldBe("answered");
    }

    [Fact]
    public async Task Id_bound_to_another_sid_is_ignored_and_people_are_told()
    {
        var id = await _thread.SentAsync(sid: "SM1");
        (await AddAsync("SM2", "delivered", messageId: id)).ShouldBe(ReceiptResult.Ignored);
        (await _thread.StateAsync(id)).ShouldBe("sent queued");
        (await _database.ScalarAsync<string>("select verdict from webhook_log")).ShouldBe("other_sid");
        (await _database.ScalarAsync<string>("select error_type || ' ' || severity from error_logs")).ShouldBe("receipt_mismatch HIGH");
        await AddAsync("SM3", "delivered", messageId: id);
        (await _database.ScalarAsync<long>("select count(*) from error_logs")).ShouldBe(1, "one alert an hour");
    }

    [Fact]
    public async Task Opted_out_at_the_carrier_is_opted_out_here()
    {
        await _thread.SentAsync(sid: "SM1");
        await AddAsync("SM1", "failed", 21610);
        (await _database.ScalarAsync<string>("select c.state || ' ' || c.source from consents c join users u using (phone_hash) where u.id = $1", _thread.UserId))
            .ShouldBe("out carrier");
    }

    [Theory]
    [InlineData(14107)]
    [InlineData(30039)]
    public async Task Loop_seen_by_the_carrier_mutes_for_an_hour(int code)
    {
        await _thread.SentAsync(sid: "SM1");
        await AddAsync("SM1", "failed", code);
        (await _database.ScalarAsync<bool>("select muted_until between now() + interval '59 minutes' and now() + interval '1 hour' from users")).ShouldBeTrue();
        (await _database.ScalarAsync<string>("select error_type from error_logs")).ShouldBe("loop");
    }

    [Fact]
    public async Task Three_unreachable_texts_in_a_row_are_told()
    {
        for (var text = 1; text <= 3; text++)
        {
            await _thread.SentAsync(sid: $"SM{text}");
            (await _database.ScalarAsync<long>("select count(*) from error_logs")).ShouldBe(0);
            await AddAsync($"SM{text}", "undelivered", 30003);
        }

        (await _database.ScalarAsync<string>("select error_type || ' ' || user_id from error_logs")).ShouldBe($"unreachable {_thread.UserId}");
    }

    [Fact]
    public async Task Filtered_texts_are_told_once_an_hour()
    {
        for (var text = 1; text <= 3; text++)
        {
            await _thread.SentAsync(sid: $"SM{text}");
            await AddAsync($"SM{text}", "undelivered", 30007);
        }

        (await _database.ListAsync<string>("select error_type || ' ' || (metadata->>'code') from error_logs")).ShouldBe(["content_refused 30007"]);
    }

    [Fact]
    public async Task Absent_database_is_answered_within_a_second_and_made_up_for()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var own = await TestDatabase.CreateAsync(postgres);
        await using var its = Writer(own);
        var some = await SampleThread.CreateAsync(own);
        var id = await some.SentAsync(sid: "SM1");
        await its.AddAsync(new Receipt("SM1", id, "sent", null), CancellationToken.None);

        await postgres.FreezeAsync();
        var started = System.Diagnostics.Stopwatch.StartNew();
        (await its.AddAsync(new Receipt("SM1", id, "delivered", null), CancellationToken.None)).ShouldBe(ReceiptResult.Unavailable);
        started.Elapsed.TotalSeconds.ShouldBeLessThan(1.5);
        await postgres.ThawAsync();
        await Platform.Until.TrueAsync(async () => await some.StateAsync(id) == "delivered delivered", "what was waiting is written after all");

        await postgres.StopAsync();
        started.Restart();
        (await its.AddAsync(new Receipt("SM1", id, "read", null), CancellationToken.None)).ShouldBe(ReceiptResult.Unavailable);
        started.Elapsed.TotalSeconds.ShouldBeLessThan(1.5);
        await postgres.StartAsync();
        own.Owner.Clear();
        await Platform.Until.TrueAsync(
            async () => await its.AddAsync(new Receipt("SM1", id, "read", null), CancellationToken.None) is ReceiptResult.Applied or ReceiptResult.Known, "it is back");
        (await some.StateAsync(id)).ShouldBe("read read");
    }

    internal static ReceiptWriter Writer(TestDatabase database) => new(
        database.Databases, new Replica(database.Databases.Road), Feed(database), NullLogger<ReceiptWriter>.Instance);

    internal static LiveFeed Feed(TestDatabase database) => new(
        new LiveWire(new RedisConnection(null), database.Databases, TimeProvider.System, NullLogger<LiveWire>.Instance), TimeProvider.System);

    /// <summary>As carriers do: a report that a slow machine did not take within its patience comes again until it is taken.</summary>
    private static async Task<ReceiptResult> RepeatedAsync(ReceiptWriter writer, Receipt receipt)
    {
        var result = ReceiptResult.Unavailable;
        await Platform.Until.TrueAsync(
            async () => (result = await writer.AddAsync(receipt, CancellationToken.None)) != ReceiptResult.Unavailable, "a report is taken");
        return result;
    }

    private Task<ReceiptResult> AddAsync(string sid, string word, int? code = null, long? messageId = null) =>
        _writer.AddAsync(new Receipt(sid, messageId, word, code), CancellationToken.None);
}
