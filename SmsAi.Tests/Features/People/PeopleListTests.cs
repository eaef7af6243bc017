using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.People;

/// <summary>Finding people: search, filters, orders, pages, and the plans behind them.</summary>
public sealed class PeopleListTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private PeopleList _list = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _list = new PeopleList(_database.Databases, TestKeys.Hasher, new FixedClock(Now));
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private Task<PeoplePage> FirstAsync(PeopleFilter filter, PeopleOrder order = PeopleOrder.LastText, bool descending = true, int size = 5) =>
        _list.ReadAsync(filter, order, descending, null, size, CancellationToken.None);

    private async Task<long[]> IdsAsync(PeopleFilter filter, PeopleOrder order = PeopleOrder.LastText, bool descending = true, int size = 5) =>
        [.. (await FirstAsync(filter, order, descending, size)).People.Select(person => person.Id)];

    [Theory]
    [InlineData(PeopleOrder.LastText, true)]
    [InlineData(PeopleOrder.LastText, false)]
    [InlineData(PeopleOrder.Alias, true)]
    [InlineData(PeopleOrder.Alias, false)]
    [InlineData(PeopleOrder.Since, true)]
    [InlineData(PeopleOrder.Since, false)]
    [InlineData(PeopleOrder.Spend, true)]
    [InlineData(PeopleOrder.Spend, false)]
    public async Task Pages_forth_and_back_show_each_person_once_in_the_order(PeopleOrder order, bool descending)
    {
        await Crowd.AddAsync(_database, 23, Now);
        await _database.ExecuteAsync("update users set created_at = $1 where id between 7 and 12", Now.UtcDateTime.AddMinutes(-9));
        await _database.ExecuteAsync("update user_activity set last_active = $1 where user_id between 7 and 12", Now.UtcDateTime.AddMinutes(-9));
        var all = (await FirstAsync(new(), order, descending, 100)).People.Select(person => person.Id).ToList();
        all.Order().ShouldBe(Enumerable.Range(1, 23).Select(n => (long)n));

        var page = await FirstAsync(new(), order, descending);
        page.Before.ShouldBeNull();
        List<long> seen = [.. page.People.Select(person => person.Id)];
        while (page.After is { } after)
        {
            page = await _list.ReadAsync(new(), order, descending, after, 5, CancellationToken.None);
            seen.AddRange(page.People.Select(person => person.Id));
        }

        seen.ShouldBe(all);
        List<long> back = [.. page.People.Select(person => person.Id)];
        while (page.Before is { } before)
        {
            page = await _list.ReadAsync(new(), order, descending, before, 5, CancellationToken.None);
            back.InsertRange(0, page.People.Select(person => person.Id));
        }

        back.ShouldBe(all);
    }

    [Fact]
    public async Task Search_finds_by_the_alias_its_words_and_the_last_digits()
    {
        await Crowd.AddAsync(_database, 120, Now);
        var alias = Aliases.Of(50).Split('-');

        (await IdsAsync(new() { Search = Aliases.Of(50) })).ShouldBe([50]);
        (await IdsAsync(new() { Search = $" {alias[0]} {alias[1].ToUpperInvariant()}" })).ShouldContain(50);
        (await IdsAsync(new() { Search = alias[1] }, size: 100)).ShouldContain(50);
        (await IdsAsync(new() { Search = "··20" })).ShouldBe([20, 120]);
        (await IdsAsync(new() { Search = "100%" })).ShouldBeEmpty();
        (await IdsAsync(new() { Search = "_" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Number_is_found_by_its_hash_alone()
    {
        await Crowd.AddAsync(_database, 30, Now);

        PeopleSearch.Of("+1 (555) 010-0000-017").Number.ShouldNotBeNull();
        (await _list.FindAsync(PhoneNumber.Parse(Crowd.NumberOf(17)), CancellationToken.None)).ShouldBe(17);
        (await _list.FindAsync(PhoneNumber.Parse(Crowd.NumberOf(31)), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Filters_narrow_and_states_are_told()
    {
        await Crowd.AddAsync(_database, 40, Now);
        await _database.ExecuteAsync("""
            insert into blocked_senders (phone_hash) select phone_hash from users where id = 3;
            insert into consents (phone_hash, state, source) select phone_hash, 'out', 'text' from users where id = 5;
            insert into holds (user_id, reason, by_name) values (6, 'check', 'Mara');
            update users set muted_until = now() + interval '1 hour' where id = 7;
            update users set is_blocked = true where id = 8;
            """);

        (await IdsAsync(new() { Tier = "enterprise" })).ShouldBe([20, 40]);
        (await IdsAsync(new() { IsBlocked = true })).ShouldBe([3, 8]);
        (await IdsAsync(new() { IsBlocked = false })).ShouldBe([1, 2, 4, 5, 6]);
        (await IdsAsync(new() { ActiveSince = Now.AddMinutes(-2) })).ShouldBe([1, 2]);
        (await IdsAsync(new() { Country = "DE", Tier = "free" })).ShouldBe([7, 17, 27, 37]);
        (await IdsAsync(new() { SpendMicros = 2000 })).ShouldBe([20, 40]);
        (await IdsAsync(new(), PeopleOrder.Spend)).ShouldBe([40, 20, 10, 30, 39]);
        await _database.ExecuteAsync("update users set tags = array['beta', 'vip'] where id in (4, 9)");
        (await IdsAsync(new() { Tag = "vip" })).ShouldBe([4, 9]);
        (await IdsAsync(new() { Tag = "vi" })).ShouldBeEmpty();
        (await FirstAsync(new(), size: 9)).People.Select(person => person.State)
            .ShouldBe(["active", "active", "blocked", "active", "optedout", "held", "muted", "blocked", "active"]);
        var dear = (await FirstAsync(new(), PeopleOrder.Spend, size: 4)).People;
        dear.Select(person => person.SpendMicros).ShouldBe([4000, 2000, 1000, 0]);
        (await _list.CountAsync(new() { Country = "US" }, CancellationToken.None)).ShouldBe(new PeopleCount(20, IsEstimate: false));
    }

    [Fact]
    public async Task Place_that_cannot_be_read_is_the_beginning()
    {
        await Crowd.AddAsync(_database, 3, Now);

        var page = await _list.ReadAsync(new(), PeopleOrder.Spend, true, new PeoplePlace("nonsense", 2, IsBefore: false), 5, CancellationToken.None);

        page.People.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Above_ten_thousand_the_count_is_an_estimate()
    {
        await Crowd.AddAsync(_database, 30_000, Now);

        var all = await _list.CountAsync(new(), CancellationToken.None);
        all.IsEstimate.ShouldBeTrue();
        all.Count.ShouldBeInRange(29_000, 31_000);
        (await _list.CountAsync(new() { Country = "GB" }, CancellationToken.None)).IsEstimate.ShouldBeFalse();
    }

    [Fact]
    public async Task Each_order_and_the_sharp_filters_go_by_an_index()
    {
        await Crowd.AddAsync(_database, 30_000, Now);

        foreach (var order in Enum.GetValues<PeopleOrder>())
            foreach (var descending in (bool[])[true, false])
                (await PlanAsync(PeopleListSql.Of(order, descending), new(), order)).ShouldNotContain("Seq Scan on user", customMessage: $"{order} {descending}");
        (await PlanAsync(PeopleListSql.NewestFirst, new())).ShouldContain("user_activity_last");
        (await PlanAsync(PeopleListSql.NewestFirst, new() { Tier = "premium" })).ShouldNotContain("Seq Scan on user");
        (await PlanAsync(PeopleListSql.NewestFirst, new() { ActiveSince = Now.AddHours(-1) })).ShouldContain("user_activity_last");
        (await PlanAsync(PeopleListSql.NewestFirst, new() { Search = Aliases.Of(7) })).ShouldContain("users_alias");
        (await PlanAsync(PeopleListSql.FromA, new() { Search = "zzzz" }, PeopleOrder.Alias)).ShouldContain("users_alias_second");
        (await PlanAsync(PeopleListSql.NewestFirst, new() { IsBlocked = true })).ShouldContain("users_blocked");
        (await PlanAsync(PeopleListSql.NewestFirst, new() { Tag = "nobody" })).ShouldContain("users_tags");
        (await PlanAsync(PeopleListSql.NewestFirst, new() { SpendMicros = 2_900_000 })).ShouldContain("user_activity_spend");
        (await PlanAsync(PeopleListSql.Dearest, new(), PeopleOrder.Spend)).ShouldContain("user_activity_spend");
    }

    [Fact]
    public async Task Rare_tag_is_looked_up_and_a_common_one_walked_in_the_order()
    {
        await Crowd.AddAsync(_database, 30_000, Now);
        await _database.ExecuteAsync("update users set tags = case when id > 29990 then array['beta', 'rare'] else array['beta'] end where id % 2 = 0");
        await _database.ExecuteAsync("analyze users");

        (await IdsAsync(new() { Tag = "rare" })).ShouldBe([29992, 29994, 29996, 29998, 30000]);
        (await IdsAsync(new() { Tag = "beta" })).ShouldBe([2, 4, 6, 8, 10]);
        (await PlanOfTagAsync("rare")).ShouldSatisfyAllConditions(
            plan => plan.ShouldNotContain("user_activity_last"), plan => plan.ShouldNotContain("Seq Scan on user"));
        (await PlanOfTagAsync("beta")).ShouldContain("user_activity_last");
        (await _list.TagsAsync(CancellationToken.None)).ShouldBe(["beta", "rare"]);

        async Task<string> PlanOfTagAsync(string tag)
        {
            await using var command = await PeopleParameters.CommandAsync(
                _database.Databases, "explain " + PeopleListSql.NewestFirst, new() { Tag = tag }, Now, 51, CancellationToken.None);
            await using var rows = await command.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await rows.ReadAsync())
                plan.Add(rows.GetString(0));
            return string.Join('\n', plan);
        }
    }

    [Fact]
    public async Task What_a_person_costs_begins_anew_with_the_month()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.EventAsync("answered", """{"m":1,"micros":300}""", at: Now);
        await person.EventAsync("sent", """{"m":1,"micros":7900}""", at: Now);
        await _database.ReadAllAsync(new PeopleReader());
        (await SpendAsync()).ShouldBe("8200 in 2026-03-01");

        await person.EventAsync("sent", """{"m":2,"micros":100}""", at: Now.AddDays(20));
        await person.EventAsync("sent", """{"m":3,"micros":5}""", at: Now);
        await _database.ReadAllAsync(new PeopleReader());
        (await SpendAsync()).ShouldBe("100 in 2026-04-01");

        Task<string?> SpendAsync() => _database.ScalarAsync<string>("select spend_micros || ' in ' || spend_month from user_activity where user_id = $1", person.Id);
    }

    [Fact]
    public async Task Costs_of_one_and_texts_of_another_count_together()
    {
        var answered = await HandPerson.AddAsync(_database);
        var texting = await HandPerson.AddAsync(_database, "quiet-heron-08", "12");
        await answered.EventAsync("answered", """{"m":1,"micros":300}""", at: Now);
        await texting.EventAsync("received", "{}", at: Now);
        await answered.EventAsync("sent", """{"m":1,"micros":7900}""", at: Now);
        await _database.ReadAllAsync(new PeopleReader());

        (await _database.ScalarAsync<string>("select texts_total || ' texts, ' || spend_micros from user_activity where user_id = $1", answered.Id)).ShouldBe("0 texts, 8200");
        (await _database.ScalarAsync<string>("select texts_total || ' texts, ' || spend_micros from user_activity where user_id = $1", texting.Id)).ShouldBe("1 texts, 0");
    }

    private async Task<string> PlanAsync(string sql, PeopleFilter filter, PeopleOrder order = PeopleOrder.LastText)
    {
        await using var command = _database.Databases.Pages.CreateCommand("explain " + sql);
        PeopleParameters.AddFilter(command.Parameters, filter, filter.Tier is null ? null : (short)2, Now);
        PeopleParameters.AddPlace(command.Parameters, 51, order, null, filter);
        await using var rows = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync())
            plan.Add(rows.GetString(0));
        return string.Join('\n', plan);
    }
}
