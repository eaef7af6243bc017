using SmsAi.Core.Features.People;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.People;

/// <summary>People's counters: for life, by the UTC month, by the UTC day.</summary>
public sealed class PeopleReaderTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private Task<string?> CountersAsync(HandPerson person) => _database.ScalarAsync<string>("""
        select texts_total || ' total, ' || texts_month || ' in ' || to_char(counted_month, 'YYYY-MM') || ', ' || texts_today || ' on ' || counted_day
          || ', anew ' || to_char(rate_limit_reset, 'YYYY-MM-DD HH24:MI') || ', last ' || to_char(last_active, 'YYYY-MM-DD HH24:MI') from user_activity where user_id = $1
        """, person.Id);

    private static DateTimeOffset At(int month, int day, int hour, int minute = 0) => new(2031, month, day, hour, minute, 0, TimeSpan.Zero);

    private Task ReadAsync() => _database.ReadAllAsync(new PeopleReader());

    [Fact]
    public async Task Counters_begin_anew_with_the_day_and_the_month()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.EventAsync("received", "{}", at: At(3, 30, 9));
        await person.EventAsync("received", "{}", at: At(3, 31, 23, 58));
        await person.EventAsync("received", "{}", at: At(3, 31, 23, 59));
        await ReadAsync();
        (await CountersAsync(person)).ShouldBe("3 total, 3 in 2031-03, 2 on 2031-03-31, anew 2031-04-01 00:00, last 2031-03-31 23:59");

        await person.EventAsync("received", "{}", at: At(3, 31, 23, 59));
        await person.EventAsync("received", "{}", at: At(4, 1, 0, 0));
        await ReadAsync();
        (await CountersAsync(person)).ShouldBe("5 total, 1 in 2031-04, 1 on 2031-04-01, anew 2031-04-02 00:00, last 2031-04-01 00:00");
    }

    [Fact]
    public async Task Text_of_a_past_day_read_late_counts_for_life_and_not_for_today()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.EventAsync("received", "{}", at: At(4, 1, 8));
        await ReadAsync();
        await person.EventAsync("received", "{}", at: At(3, 31, 22));
        await ReadAsync();
        (await CountersAsync(person)).ShouldBe("2 total, 1 in 2031-04, 1 on 2031-04-01, anew 2031-04-02 00:00, last 2031-04-01 08:00");
    }

    [Fact]
    public async Task Answers_tokens_and_segments_of_the_month_are_counted_and_begin_anew_with_it()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.EventAsync("answered", """{"kind":"answer","in":900,"out":100,"micros":0}""", at: At(3, 31, 9));
        await person.EventAsync("sent", """{"segments":2,"micros":15800}""", at: At(3, 31, 9));
        await person.EventAsync("answered", """{"kind":"apology","in":0,"out":0,"micros":0}""", at: At(3, 31, 10));
        await person.EventAsync("sent", """{"segments":1,"micros":7900}""", at: At(3, 31, 10));
        await ReadAsync();
        (await MonthAsync(person)).ShouldBe("2031-03: 1 answers, 1000 tokens, 3 segments, 23700 micros");

        await person.EventAsync("sent", """{"segments":1,"micros":7900}""", at: At(3, 31, 23));
        await person.EventAsync("answered", """{"kind":"answer","in":50,"out":5,"micros":10}""", at: At(4, 1, 0));
        await ReadAsync();
        (await MonthAsync(person)).ShouldBe("2031-04: 1 answers, 55 tokens, 0 segments, 10 micros");
    }

    private Task<string?> MonthAsync(HandPerson person) => _database.ScalarAsync<string>(
        """
        select format('%s: %s answers, %s tokens, %s segments, %s micros', to_char(spend_month, 'YYYY-MM'), answers_month, tokens_month, segments_month, spend_micros)
        from user_activity where user_id = $1
        """,
        person.Id);

    [Fact]
    public async Task Active_people_of_a_day_are_each_counted_once()
    {
        var first = await HandPerson.AddAsync(_database);
        var second = await HandPerson.AddAsync(_database, "quiet-heron-08", "12");
        foreach (var at in (DateTimeOffset[])[At(3, 30, 9), At(3, 30, 10), At(3, 31, 9)])
        {
            await first.EventAsync("received", "{}", at: at);
            await ReadAsync();
        }

        await second.EventAsync("received", "{}", at: At(3, 30, 11));
        await second.EventAsync("answered", "{}", at: At(3, 31, 11));
        await ReadAsync();

        (await _database.ListAsync<string>("select to_char(hour_bucket, 'MM-DD HH24') || ' ' || value from metrics_hourly where metric_name = 'active_users' order by 1"))
            .ShouldBe(["03-30 00 2", "03-31 00 1"]);
        (await _database.ListAsync<string>("select day || ' ' || count(*) from active_days group by day order by day")).ShouldBe(["2031-03-30 2", "2031-03-31 1"]);
    }

    [Fact]
    public async Task Text_of_an_erased_person_changes_nothing()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.EventAsync("received", "{}", at: At(3, 30, 9));
        await _database.ExecuteAsync("delete from users where id = $1", person.Id);
        await ReadAsync();
        (await _database.ScalarAsync<long>("select count(*) from active_days")).ShouldBe(0);
        (await _database.ScalarAsync<long>("select count(*) from error_logs")).ShouldBe(0);
    }
}
