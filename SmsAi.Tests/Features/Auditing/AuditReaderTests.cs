using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>The trail's pages and filters on real PostgreSQL.</summary>
public sealed class AuditReaderTests : IAsyncLifetime
{
    private static readonly AuditFilter Everything = new() { From = DateTimeOffset.UnixEpoch };

    private TestDatabase _database = null!;
    private AuditReader _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _reader = new AuditReader(_database.Databases);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Pages_follow_each_other_down_and_up_without_a_gap()
    {
        await _database.FillAsync(25);

        var first = await ReadAsync(Everything);
        var second = await ReadAsync(Everything, before: first.Lines[^1].Id);
        var third = await ReadAsync(Everything, before: second.Lines[^1].Id);
        var back = await ReadAsync(Everything, after: third.Lines[0].Id);

        first.Lines.Concat(second.Lines).Concat(third.Lines).Select(line => line.Id).ShouldBe(Enumerable.Range(1, 25).Reverse().Select(n => (long)n));
        (first.HasNewer, first.HasOlder, second.HasNewer, second.HasOlder, third.HasNewer, third.HasOlder).ShouldBe((false, true, true, true, true, false));
        back.Lines.ShouldBe(second.Lines, new SameLine());
        (back.HasNewer, back.HasOlder, first.Total).ShouldBe((true, true, 25));
    }

    [Fact]
    public async Task Each_filter_leaves_only_its_own()
    {
        await _database.FillAsync(24);
        await _database.ExecuteAsync("insert into users (id, phone_hash, phone_tail, alias) values (7, sha256('x'), '41', 'amber-otter-12')");
        await _database.AppendAsync("hold.place", "user:7", """{"reason": "Asked 100% for a copy", "correlation": "0af7651916cd43dd"}""");

        (await ReadAsync(Everything with { Actor = "Mara" })).Lines.ShouldAllBe(line => line.Actor == "Mara");
        (await ReadAsync(Everything with { Actor = "Mara" })).Total.ShouldBe(8);
        (await ReadAsync(Everything with { Action = "hold.place", Actor = "Jonas" })).Total.ShouldBe(2);
        foreach (var words in (string[])["copy", "100%", "USER:7", "amber-otter-12", "session-of-vera", "0af7651916cd43dd", "25"])
            (await ReadAsync(Everything with { Search = words })).Lines.Select(line => line.Id).ShouldBe([25L], words);
        (await ReadAsync(Everything with { Search = "%" })).Total.ShouldBe(1, "a percent sign is a percent sign");
        (await ReadAsync(Everything with { Search = "' or true --" })).Total.ShouldBe(0);
        var moment = await _database.ScalarAsync<DateTime>("select at from audit where id = 20");
        (await ReadAsync(Everything with { From = moment })).Lines[^1].Id.ShouldBe(20);
        (await ReadAsync(Everything with { Until = moment })).Lines[0].Id.ShouldBe(19);
    }

    [Fact]
    public async Task Person_an_act_was_about_comes_with_her_alias()
    {
        await _database.ExecuteAsync("insert into users (id, phone_hash, phone_tail, alias) values (7, sha256('x'), '41', 'amber-otter-12')");
        await _database.AppendAsync("hold.place", "user:7");
        await _database.AppendAsync("hold.place", "user:8");

        var window = await ReadAsync(Everything);

        window.People.ShouldBe([KeyValuePair.Create(7L, new AuditPerson("amber-otter-12", "41"))]);
    }

    [Fact]
    public async Task Names_and_acts_to_choose_from_are_each_there_once()
    {
        await _database.FillAsync(24);

        var choices = await _reader.ChoicesAsync(CancellationToken.None);

        choices.Actors.ShouldBe(["Jonas", "Mara", "SmsAi"], ignoreOrder: true);
        choices.Actions.ShouldBe(["access.signed_in", "hold.place", "service.pause", "service.resume"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(null, null, "audit_newest")]
    [InlineData("Mara", null, "audit_")]
    [InlineData(null, "hold.place", "audit_")]
    public async Task Deep_page_of_a_long_trail_goes_by_an_index(string? actor, string? action, string index)
    {
        await _database.FillAsync(6_000);
        await _database.ExecuteAsync("analyze audit");
        var filter = Everything with { Actor = actor, Action = action };
        await using var connection = await _database.Databases.Pages.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { AuditReader.Command("explain " + AuditSql.Older, filter, (3_000L, NpgsqlTypes.NpgsqlDbType.Bigint), (51, NpgsqlTypes.NpgsqlDbType.Integer)) },
        };
        List<string> plan = [];
        await using (var rows = await batch.ExecuteReaderAsync())
            while (await rows.ReadAsync()) plan.Add(rows.GetString(0));

        var text = string.Join('\n', plan);
        text.ShouldContain(index);
        text.ShouldNotContain("Seq Scan on audit");
        // Lines of the same moment are put in order as they come, never all of them first.
        plan.ShouldAllBe(line => !line.Contains("->  Sort", StringComparison.Ordinal));
    }

    private Task<AuditWindow> ReadAsync(AuditFilter filter, long? before = null, long? after = null) =>
        _reader.ReadAsync(filter, before, after, 10, CancellationToken.None);

    private sealed class SameLine : IEqualityComparer<AuditLine>
    {
        public bool Equals(AuditLine? x, AuditLine? y) => x?.Id == y?.Id;

        public int GetHashCode(AuditLine line) => line.Id.GetHashCode();
    }
}
