using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.People;

/// <summary>Adding, changing and removing tiers.</summary>
public sealed class TiersTests : IAsyncLifetime
{
    private static readonly Actor Mara = new("Mara", 7, OperatorRoles.Admin);
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private readonly LimitsOptions _keys = new();
    private Tiers _tiers = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        _tiers = new Tiers(_database.Databases, Options.Create(_keys), _live);
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _database.DisposeAsync();
    }

    private async Task<TierView> TierAsync(string name) => (await _tiers.ReadAsync(CancellationToken.None)).Single(tier => tier.Name == name);

    [Fact]
    public async Task Added_tier_is_listed_with_its_people_and_the_key_that_wins()
    {
        _keys.Tiers["team"] = new TierLimitOptions { PerDay = 7 };
        (await _tiers.AddAsync("team", new(20, 200, 1), Mara, CancellationToken.None)).ShouldBe(TierOutcome.Done);
        await _database.ExecuteAsync("insert into users (phone_hash, alias, tier_id) select sha256('a'), 'calm-otter-10', id from tiers where name = 'team'");

        (await TierAsync("team")).ShouldBe(new TierView(4, "team", new(20, 200, 1), 1, null, 7));
        (await _tiers.AddAsync("team", new(1, 1, 1), Mara, CancellationToken.None)).ShouldBe(TierOutcome.NameTaken);
        (await _database.ListAsync<string>("select action || ' ' || resource || ' ' || metadata from audit"))
            .ShouldBe(["""tier.add tier:team {"after": {"perDay": 200, "priority": 1, "perMinute": 20}}"""]);
    }

    [Fact]
    public async Task Change_holds_on_the_road_without_a_restart()
    {
        var clock = new ManualTime();
        using var limits = new TierLimits(_database.Databases, Options.Create(_keys), clock, NullLogger<TierLimits>.Instance);
        (await limits.OfAsync(1, CancellationToken.None)).PerMinute.ShouldBe(10);

        (await _tiers.ChangeAsync(await TierAsync("free"), new(3, 50, 0), Mara, CancellationToken.None)).ShouldBe(TierOutcome.Done);

        clock.Pass(TimeSpan.FromSeconds(11));
        await Until.TrueAsync(async () => (await limits.OfAsync(1, CancellationToken.None)).PerMinute == 3);
    }

    [Fact]
    public async Task Of_two_who_edit_the_same_tier_the_second_is_told()
    {
        var seen = await TierAsync("premium");
        (await _tiers.ChangeAsync(seen, new(31, 500, 1), Mara, CancellationToken.None)).ShouldBe(TierOutcome.Done);

        (await _tiers.ChangeAsync(seen, new(99, 500, 1), Mara, CancellationToken.None)).ShouldBe(TierOutcome.Conflict);

        (await TierAsync("premium")).Rules.PerMinute.ShouldBe(31);
    }

    [Fact]
    public async Task Months_models_and_context_hold_on_the_road_and_stand_in_the_trail()
    {
        var seen = await TierAsync("premium");
        var rules = seen.Rules with { PerMonth = 900, TokensPerMonth = 3_000_000_000, MicrosPerMonth = 4_500_000, SegmentsPerMonth = 1200, Models = "gpt-4o gpt-4o-mini", ContextTurns = 0 };
        (await _tiers.ChangeAsync(seen, rules, Mara, CancellationToken.None)).ShouldBe(TierOutcome.Done);

        (await TierAsync("premium")).Rules.ShouldBe(rules);
        using var limits = new TierLimits(_database.Databases, Options.Create(_keys), new ManualTime(), NullLogger<TierLimits>.Instance);
        var road = await limits.OfAsync(2, CancellationToken.None);
        (road.Month, road.ContextTurns).ShouldBe((new MonthLimits(900, 3_000_000_000, 4_500_000, 1200), 0));
        (road.ModelOf("gpt-4o-mini"), road.ModelOf("o9")).ShouldBe(("gpt-4o-mini", "gpt-4o"));
        (await limits.OfAsync(1, CancellationToken.None)).ModelOf("o9").ShouldBe("o9");
        (await _database.ScalarAsync<string>("select metadata::text from audit")).ShouldBe(
            """{"after": {"models": "gpt-4o gpt-4o-mini", "perDay": 500, "perMonth": 900, "priority": 1, "perMinute": 30, "contextTurns": 0, "tokensPerMonth": 3000000000, "dollarsPerMonth": 4.5, "segmentsPerMonth": 1200}, "before": {"perDay": 500, "priority": 1, "perMinute": 30}}""");
        (await _tiers.ChangeAsync(seen, seen.Rules, Mara, CancellationToken.None)).ShouldBe(TierOutcome.Conflict, "it is not as it was seen");
    }

    [Theory]
    [InlineData(" gpt-4o, gpt-4o-mini\ngpt-4o ", "gpt-4o gpt-4o-mini")]
    [InlineData(" , ", null)]
    [InlineData("meta-llama/Llama-3.1:free", "meta-llama/Llama-3.1:free")]
    public void Models_are_taken_as_people_list_them(string typed, string? models)
    {
        Tiers.TidyModels(typed).ShouldBe(models);
        Tiers.FaultOfModels(models).ShouldBeNull();
    }

    [Theory]
    [InlineData("gpt(4)", "“gpt(4)” is no model's name. Write it as in gpt-4o-mini.")]
    [InlineData("a b c d e f g h i j k", "At most 10 models.")]
    public void Models_that_are_none_are_named(string models, string fault) => Tiers.FaultOfModels(models).ShouldBe(fault);

    [Fact]
    public async Task Tier_with_people_and_the_first_one_stay()
    {
        await _database.ExecuteAsync("insert into users (phone_hash, alias, tier_id) values (sha256('a'), 'calm-otter-10', 2)");

        (await _tiers.RemoveAsync(await TierAsync("free"), Mara, CancellationToken.None)).ShouldBe(TierOutcome.InUse);
        (await _tiers.RemoveAsync(await TierAsync("premium"), Mara, CancellationToken.None)).ShouldBe(TierOutcome.InUse);
        (await _tiers.RemoveAsync(await TierAsync("enterprise"), Mara, CancellationToken.None)).ShouldBe(TierOutcome.Done);

        (await _database.ListAsync<string>("select name from tiers order by id")).ShouldBe(["free", "premium"]);
    }

    [Fact]
    public async Task Tier_that_was_changed_meanwhile_is_not_removed_and_one_that_is_gone_is_told()
    {
        var seen = await TierAsync("enterprise");
        await _tiers.ChangeAsync(seen, seen.Rules with { PerMonth = 900, Models = "gpt-4o" }, Mara, CancellationToken.None);

        (await _tiers.RemoveAsync(seen, Mara, CancellationToken.None)).ShouldBe(TierOutcome.Conflict);

        var now = await TierAsync("enterprise");
        now.Rules.PerMonth.ShouldBe(900);
        (await _tiers.RemoveAsync(now, Mara, CancellationToken.None)).ShouldBe(TierOutcome.Done);
        (await _tiers.RemoveAsync(now, Mara, CancellationToken.None)).ShouldBe(TierOutcome.Conflict);
        (await _database.ScalarAsync<long>("select count(*) from audit where action = 'tier.remove'")).ShouldBe(1);
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData(OperatorRoles.Operator)]
    public async Task Only_admins_change_tiers(string role)
    {
        var actor = Mara with { Role = role };
        var seen = await TierAsync("free");

        await Should.ThrowAsync<UnauthorizedAccessException>(() => _tiers.AddAsync("team", new(1, 1, 1), actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _tiers.ChangeAsync(seen, new(1, 1, 1), actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _tiers.RemoveAsync(seen, actor, CancellationToken.None));
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    [Theory]
    [InlineData("Team")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("<b>")]
    public void Name_that_settings_could_not_call_is_refused(string name) => Tiers.FaultOfName(name).ShouldNotBeNull();
}
