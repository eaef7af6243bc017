using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.People;

/// <summary>Moving, blocking and unblocking people, each with its line of the audit trail or not at all.</summary>
public sealed class PeopleActsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Mara = new("Mara", 7, OperatorRoles.Operator);
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private PeopleActs _acts = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        _acts = new PeopleActs(_database.Databases, _live, new FixedClock(Now));
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _database.DisposeAsync();
    }

    private Task<PeopleChanged> ChangeAsync(PeopleChange change, Actor actor, params PersonVersion[] people) =>
        _acts.ChangeAsync(change, people, "asked for it", actor, CancellationToken.None);

    private Task<IReadOnlyList<string>> TrailAsync() =>
        _database.ListAsync<string>("select actor || ' ' || action || ' ' || resource || ' ' || metadata from audit order by id");

    private Task<IReadOnlyList<string>> PeopleAsync() => _database.ListAsync<string>(
        "select u.id || ' ' || t.name || case when is_blocked then ' blocked' else '' end || ' v' || version from users u join tiers t on t.id = tier_id order by u.id");

    [Fact]
    public async Task One_person_moves_and_the_trail_says_from_where_by_whom_and_why()
    {
        await Crowd.AddAsync(_database, 3, Now);

        var changed = await ChangeAsync(PeopleChange.MoveTo("premium"), Mara, new PersonVersion(2, 1));

        changed.Changed.ShouldBe([new ChangedPerson(2, 2, "free", false)]);
        (await PeopleAsync()).ShouldBe(["1 free v1", "2 premium v2", "3 free v1"]);
        (await TrailAsync()).ShouldBe(["""Mara user.tier user:2 {"after": {"tier": "premium"}, "before": {"tier": "free"}, "reason": "asked for it"}"""]);
    }

    [Fact]
    public async Task Whoever_was_changed_meanwhile_stays_and_it_is_told_by_whom()
    {
        await Crowd.AddAsync(_database, 3, Now);
        await ChangeAsync(PeopleChange.Block, Mara with { Name = "Jonas" }, new PersonVersion(2, 1));

        var changed = await ChangeAsync(PeopleChange.MoveTo("premium"), Mara, new PersonVersion(1, 1), new PersonVersion(2, 1), new PersonVersion(3, 1));

        changed.Changed.Select(person => person.Id).ShouldBe([1, 3], ignoreOrder: true);
        (changed.Conflicts, changed.ConflictBy).ShouldBe((1, "Jonas"));
        (await PeopleAsync()).ShouldBe(["1 premium v2", "2 free blocked v2", "3 premium v2"]);
    }

    [Fact]
    public async Task Two_operators_at_once_make_one_change()
    {
        await Crowd.AddAsync(_database, 1, Now);

        var both = await Task.WhenAll(
            ChangeAsync(PeopleChange.MoveTo("premium"), Mara, new PersonVersion(1, 1)), ChangeAsync(PeopleChange.MoveTo("enterprise"), Mara, new PersonVersion(1, 1)));

        both.Sum(one => one.Changed.Count).ShouldBe(1);
        both.Sum(one => one.Conflicts).ShouldBe(1);
        (await TrailAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Undo_puts_everyone_back_where_she_was_unless_changed_since()
    {
        await Crowd.AddAsync(_database, 4, Now);
        var change = PeopleChange.MoveTo("enterprise");
        var changed = await ChangeAsync(change, Mara, new PersonVersion(1, 1), new PersonVersion(3, 1), new PersonVersion(4, 1));
        await ChangeAsync(PeopleChange.Block, Mara, new PersonVersion(3, 2));

        var back = await _acts.UndoAsync(change, changed.Changed, Mara, CancellationToken.None);

        (back.Changed.Count, back.Conflicts).ShouldBe((2, 1));
        (await PeopleAsync()).ShouldBe(["1 free v3", "2 free v1", "3 enterprise blocked v3", "4 premium v3"]);
    }

    [Fact]
    public async Task Unblocked_person_is_answered_again_though_her_number_was_blocked_too()
    {
        await Crowd.AddAsync(_database, 2, Now);
        await _database.ExecuteAsync("insert into blocked_senders (phone_hash) select phone_hash from users where id = 1");

        (await ChangeAsync(PeopleChange.Unblock, Mara, new PersonVersion(1, 1), new PersonVersion(2, 1))).ShouldSatisfyAllConditions(
            changed => changed.Changed.Select(person => person.Id).ShouldBe([1]), changed => changed.AlreadySo.ShouldBe(1));

        (await _database.ScalarAsync<long>("select count(*) from blocked_senders")).ShouldBe(0);
    }

    [Fact]
    public async Task Preview_tells_what_changes_and_what_stays()
    {
        await Crowd.AddAsync(_database, 40, Now);

        (await _acts.PreviewAsync(PeopleChange.MoveTo("premium"), [1, 2, 4, 20], CancellationToken.None))
            .ShouldBe([new PreviewLine("free", false, 2, true), new PreviewLine("premium", false, 1, false), new PreviewLine("enterprise", false, 1, true)]);
        (await _acts.PreviewAsync(PeopleChange.Block, new PeopleFilter { Tier = "enterprise" }, CancellationToken.None))
            .ShouldBe([new PreviewLine("enterprise", false, 2, true)]);
    }

    [Fact]
    public async Task All_that_match_change_in_parts_each_with_its_line()
    {
        await Crowd.AddAsync(_database, 1300, Now);
        var progress = new Seen();

        var done = await _acts.ChangeAllAsync(PeopleChange.MoveTo("premium"), new PeopleFilter { Tier = "free" }, "launch", Mara, progress, CancellationToken.None);

        done.People.ShouldBe(975);
        progress.Values.ShouldBe([500, 975]);
        (await _database.ScalarAsync<long>("select count(*) from users where tier_id = 1")).ShouldBe(0);
        (await _database.ListAsync<int>("select (metadata ->> 'people')::int from audit where action = 'user.tier' order by id")).ShouldBe([500, 475]);
        (await _database.ScalarAsync<long>("select sum(jsonb_array_length(metadata -> 'before' -> 'free')) :: bigint from audit")).ShouldBe(975);
    }

    [Fact]
    public async Task All_that_matched_are_put_back_except_those_somebody_changed_since()
    {
        await Crowd.AddAsync(_database, 1300, Now);
        var before = await PeopleTiersAsync();
        var change = PeopleChange.MoveTo("premium");
        var done = await _acts.ChangeAllAsync(change, new PeopleFilter(), "launch", Mara, new Seen(), CancellationToken.None);
        await ChangeAsync(PeopleChange.MoveTo("enterprise"), Mara with { Name = "Jonas" }, new PersonVersion(7, null));

        var back = await _acts.UndoAllAsync(change, done.Mark, Mara, CancellationToken.None);

        ((long)back.Changed.Count, back.Conflicts).ShouldBe((done.People - 1, 1));
        var now = await PeopleTiersAsync();
        now.Except(before).ShouldBe(["7 enterprise"]);
        (await _database.ScalarAsync<long>("select count(*) from audit where metadata ->> 'reason' = 'Undone'")).ShouldBeGreaterThan(1);
        (await _acts.UndoAllAsync(change, done.Mark, Mara, CancellationToken.None)).Changed.ShouldBeEmpty("it is undone already");

        Task<IReadOnlyList<string>> PeopleTiersAsync() => _database.ListAsync<string>("select u.id || ' ' || t.name from users u join tiers t on t.id = u.tier_id order by u.id");
    }

    [Fact]
    public async Task Stopped_on_the_way_it_keeps_what_is_done()
    {
        await Crowd.AddAsync(_database, 1300, Now);
        using var stop = new CancellationTokenSource();

        var done = await _acts.ChangeAllAsync(PeopleChange.Block, new PeopleFilter(), "storm", Mara, new Seen(_ => stop.Cancel()), stop.Token);

        done.People.ShouldBe(499);
        (await _database.ScalarAsync<long>("select count(*) from users where is_blocked")).ShouldBe(501);
    }

    [Fact]
    public async Task Tag_is_put_on_whoever_lacks_it_and_has_room_and_undone_for_them_alone()
    {
        await Crowd.AddAsync(_database, 4, Now);
        await _database.ExecuteAsync("""
            update users set tags = array['vip'] where id = 2;
            update users set tags = (select array_agg('t' || n) from generate_series(1, 20) n) where id = 3;
            """);
        var change = PeopleChange.PutTag("vip");

        (await _acts.PreviewAsync(change, [1, 2, 3, 4], CancellationToken.None)).Select(line => (line.Tag, line.People, line.Changes))
            .ShouldBe([(TagPlace.Off, 2, true), (TagPlace.On, 1, false), (TagPlace.NoRoom, 1, false)]);
        var changed = await ChangeAsync(change, Mara, new PersonVersion(1, 1), new PersonVersion(2, 1), new PersonVersion(3, 1), new PersonVersion(4, 1));

        (changed.Changed.Select(person => person.Id).Order().ToArray(), changed.AlreadySo).ShouldSatisfyAllConditions(
            all => all.Item1.ShouldBe([1, 4]), all => all.AlreadySo.ShouldBe(2));
        (await TaggedAsync()).ShouldBe([1, 2, 4]);
        (await _database.ScalarAsync<string>("select action || ' ' || resource || ' ' || (metadata - 'before') from audit"))
            .ShouldBe("""user.tag users {"tag": "vip", "after": {"tagged": true}, "people": 2, "reason": "asked for it"}""");

        await _acts.UndoAsync(change, changed.Changed, Mara, CancellationToken.None);
        (await TaggedAsync()).ShouldBe([2]);
    }

    [Fact]
    public async Task Tag_is_taken_off_all_that_match_and_put_back_where_it_was()
    {
        await Crowd.AddAsync(_database, 1300, Now);
        await _database.ExecuteAsync("update users set tags = array['beta', 'vip'] where id % 2 = 0");
        var change = PeopleChange.TakeTag("vip");
        (await _acts.PreviewAsync(change, new PeopleFilter { Tag = "beta" }, CancellationToken.None)).Select(line => (line.Tag, line.People)).ShouldBe([(TagPlace.On, 650)]);

        var done = await _acts.ChangeAllAsync(change, new PeopleFilter { Tag = "vip" }, "over", Mara, new Seen(), CancellationToken.None);

        done.People.ShouldBe(650);
        (await _database.ScalarAsync<long>("select count(*) from users where tags = array['beta']")).ShouldBe(650);
        await ChangeAsync(PeopleChange.PutTag("vip"), Mara with { Name = "Jonas" }, new PersonVersion(2, null));
        var back = await _acts.UndoAllAsync(change, done.Mark, Mara, CancellationToken.None);
        (back.Changed.Count, back.Conflicts).ShouldBe((649, 1));
        (await _database.ScalarAsync<long>("select count(*) from users where tags @> array['beta', 'vip'] and id % 2 = 0")).ShouldBe(650);
    }

    [Theory]
    [InlineData("<b>")]
    [InlineData("")]
    [InlineData("4915123456789")]
    public async Task Tag_that_is_none_is_put_on_nobody(string tag)
    {
        await Crowd.AddAsync(_database, 1, Now);

        await Should.ThrowAsync<ArgumentException>(() => ChangeAsync(PeopleChange.PutTag(tag), Mara, new PersonVersion(1, 1)));

        (await PeopleAsync()).ShouldBe(["1 free v1"]);
    }

    private Task<IReadOnlyList<long>> TaggedAsync() => _database.ListAsync<long>("select id from users where tags @> array['vip'] order by id");

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData("")]
    public async Task Whoever_may_only_look_changes_nobody(string role)
    {
        await Crowd.AddAsync(_database, 1, Now);

        await Should.ThrowAsync<UnauthorizedAccessException>(() => ChangeAsync(PeopleChange.Block, Mara with { Role = role }, new PersonVersion(1, 1)));
        await Should.ThrowAsync<UnauthorizedAccessException>(
            () => _acts.ChangeAllAsync(PeopleChange.Block, new PeopleFilter(), "why", Mara with { Role = role }, new Seen(), CancellationToken.None));

        (await PeopleAsync()).ShouldBe(["1 free v1"]);
        (await TrailAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_reason_nothing_happens()
    {
        await Crowd.AddAsync(_database, 1, Now);

        await Should.ThrowAsync<ArgumentException>(() => _acts.ChangeAsync(PeopleChange.Block, [new(1, 1)], " ", Mara, CancellationToken.None));

        (await PeopleAsync()).ShouldBe(["1 free v1"]);
    }

    [Fact]
    public async Task Reason_longer_than_the_form_takes_changes_nobody()
    {
        await Crowd.AddAsync(_database, 1, Now);

        await Should.ThrowAsync<ArgumentException>(() => _acts.ChangeAsync(PeopleChange.Block, [new(1, 1)], new string('x', 201), Mara, CancellationToken.None));

        (await PeopleAsync()).ShouldBe(["1 free v1"]);
        (await _acts.ChangeAsync(PeopleChange.Block, [new(1, 1)], new string('x', 200), Mara, CancellationToken.None)).Changed.ShouldHaveSingleItem();
    }

    private sealed class Seen(Action<long>? then = null) : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value)
        {
            Values.Add(value);
            then?.Invoke(value);
        }
    }
}
