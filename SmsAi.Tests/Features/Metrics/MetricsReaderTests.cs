using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>Figures of minutes, hours and days from events written by hand.</summary>
public sealed class MetricsReaderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 14, 31, 57, TimeSpan.Zero);
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private Task<IReadOnlyList<string>> MinutesAsync() => _database.ListAsync<string>("""
        select to_char(minute, 'DD HH24:MI') || ' in ' || texts_in || ' out ' || texts_out || ' delivered ' || delivered || ' errors ' || errors
          || ' model ' || model_micros || ' carrier ' || carrier_micros from metric_minutes order by minute
        """);

    private Task ReadAsync(decimal? perDay = null) => _database.ReadAllAsync(HandMetrics.Reader(_database, perDay));

    [Fact]
    public async Task Turn_over_two_minutes_is_counted_where_each_act_happened()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.MessageAsync(1000, Start);
        await person.EventAsync("received", """{"m":1000}""", 1000, Start);
        await person.EventAsync("answered", """{"m":1001,"r":1000,"kind":"answer","model":"gpt-4o-mini","in":120,"cached":0,"out":40,"micros":42,"category":"Coding"}""", 1000, Start.AddSeconds(2));
        await person.EventAsync("sending", """{"m":1001,"a":1}""", 1000, Start.AddSeconds(3));
        await person.EventAsync("sent", """{"m":1001,"a":1,"sid":"SM1","ms":200,"micros":15800}""", 1000, Start.AddMilliseconds(3400));
        await person.EventAsync("status", """{"m":1001,"status":"delivered","rank":60}""", 1000, Start.AddSeconds(5));
        await ReadAsync();

        (await MinutesAsync()).ShouldBe([
            "10 14:31 in 1 out 0 delivered 0 errors 0 model 42 carrier 0",
            "10 14:32 in 0 out 1 delivered 1 errors 0 model 0 carrier 15800"]);
        (await _database.ListAsync<string>("select metric_name || ' ' || tags || ' ' || value from metrics_hourly where hour_bucket = '2026-03-10 14:00Z' order by 1")).ShouldBe([
            "answer_ms {} 3400", "answers {\"category\": \"Coding\"} 1", "answers_timed {} 1", "carrier_micros {} 15800", "delivered {} 1",
            "model_micros {\"model\": \"gpt-4o-mini\"} 42", "texts_in {} 1", "texts_out {} 1", "tokens {\"model\": \"gpt-4o-mini\"} 160"]);
    }

    [Fact]
    public async Task Batches_that_follow_each_other_add_to_the_same_minute()
    {
        var person = await HandPerson.AddAsync(_database);
        for (var turn = 0; turn < 3; turn++)
        {
            await person.MessageAsync(1000 + turn, Start);
            await person.EventAsync("received", "{}", null, Start);
            await person.EventAsync("sent", $$"""{"m":{{2000 + turn}},"micros":7900}""", 1000 + turn, Start.AddMilliseconds(1400));
            await ReadAsync();
        }

        (await MinutesAsync()).ShouldBe(["10 14:31 in 3 out 3 delivered 0 errors 0 model 0 carrier 23700"]);
        // 1,400 ms is in the 23rd bucket, up to 1,600 ms.
        (await _database.ScalarAsync<int[]>("select answer_times from metric_minutes"))!.ShouldBe([.. new int[22], 3, .. new int[19]]);
    }

    [Fact]
    public async Task Send_that_no_text_asked_for_has_no_answer_time()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.MessageAsync(2000, Start, direction: "out", kind: "manual");
        await person.EventAsync("sent", """{"m":2000,"micros":7900}""", 2000, Start.AddSeconds(1));
        await ReadAsync();
        (await _database.ScalarAsync<int[]>("select answer_times from metric_minutes"))!.ShouldBe(new int[42]);
    }

    [Fact]
    public async Task Receipt_that_overtakes_our_own_note_does_not_make_two_departures()
    {
        await _database.AppendAsync(1, "status", """{"m":7,"status":"delivered","rank":60}""", 6, Start);
        await _database.AppendAsync(1, "sent", """{"m":7,"micros":7900}""", 6, Start.AddSeconds(1));
        await _database.AppendAsync(2, "status", """{"m":8,"status":"sent","rank":40}""", 5, Start);
        await ReadAsync();
        (await MinutesAsync()).ShouldBe(["10 14:31 in 0 out 2 delivered 1 errors 0 model 0 carrier 7900"]);
    }

    [Fact]
    public async Task Event_read_by_two_replicas_one_after_the_other_counts_once()
    {
        await _database.AppendAsync(1, "received", "{}", null, Start);
        await ReadAsync();
        await ReadAsync();
        (await MinutesAsync()).ShouldBe(["10 14:31 in 1 out 0 delivered 0 errors 0 model 0 carrier 0"]);
    }

    [Fact]
    public async Task Read_after_delivered_is_one_delivery()
    {
        await _database.AppendAsync(1, "status", """{"m":7,"status":"sent","rank":40}""", 6, Start);
        await _database.AppendAsync(1, "status", """{"m":7,"status":"delivered","rank":60}""", 6, Start);
        await _database.AppendAsync(1, "status", """{"m":8,"status":"read","rank":70}""", 6, Start);
        await ReadAsync();
        await _database.AppendAsync(1, "status", """{"m":7,"status":"read","rank":70}""", 6, Start.AddMinutes(1));
        await ReadAsync();
        (await MinutesAsync()).ShouldBe(["10 14:31 in 0 out 2 delivered 2 errors 0 model 0 carrier 0"]);
    }

    [Fact]
    public async Task Delivered_after_failed_takes_the_error_back_where_it_was_counted()
    {
        await _database.AppendAsync(1, "status", """{"m":7,"status":"undelivered","code":30003,"rank":50}""", 6, Start);
        await _database.AppendAsync(1, "failed", """{"m":9,"code":21211,"why":"number"}""", 8, Start);
        await _database.AppendAsync(1, "dead_letter", """{"m":5,"why":"crashes"}""", 5, Start);
        await ReadAsync();
        (await MinutesAsync()).ShouldBe(["10 14:31 in 0 out 1 delivered 0 errors 3 model 0 carrier 0"]);

        await _database.AppendAsync(1, "status", """{"m":7,"status":"delivered","rank":60}""", 6, Start.AddMinutes(1));
        await ReadAsync();
        (await MinutesAsync()).ShouldBe([
            "10 14:31 in 0 out 1 delivered 0 errors 2 model 0 carrier 0", "10 14:32 in 0 out 0 delivered 1 errors 0 model 0 carrier 0"]);
    }

    [Fact]
    public async Task Money_belongs_to_the_UTC_day_it_was_spent_on_with_the_cap_of_the_setting()
    {
        var midnight = new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero);
        await _database.AppendAsync(1, "answered", """{"micros":100}""", null, midnight.AddMilliseconds(-1));
        await _database.AppendAsync(1, "sent", """{"m":7,"micros":7900}""", null, midnight);
        await ReadAsync(perDay: 60.5m);
        await _database.AppendAsync(1, "answered", """{"micros":30}""", null, midnight.AddHours(1));
        await ReadAsync(perDay: 0);

        (await _database.ListAsync<string>("select day || ' ' || model_micros || ' ' || carrier_micros || ' ' || coalesce(cap_micros::text, 'none') from spend_days order by day"))
            .ShouldBe(["2026-03-10 100 0 60500000", "2026-03-11 30 7900 none"]);
    }
}
