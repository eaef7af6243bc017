using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.People;

/// <summary>Putting back, from its line of the trail, what an act changed about a person.</summary>
public sealed class ChangeBackTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Actor Mara = new("Mara", 7, OperatorRoles.Operator);
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private PeopleActs _acts = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        _acts = new PeopleActs(_database.Databases, _live, TimeProvider.System);
        await _database.ExecuteAsync("insert into users (id, phone_hash, phone_tail, alias, tier_id) select n, sha256(n::text::bytea), '67', 'amber-otter-4' || n, 2 from generate_series(1, 2) n");
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        _live.Dispose();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Move_to_another_tier_is_offered_back_to_the_tier_before()
    {
        await ActAsync(PeopleChange.MoveTo("enterprise"), 1);

        var (title, asked) = await PressAsync(OperatorRoles.Operator);

        title.ShouldBe("Move 1 person to another tier?");
        (asked[nameof(ChangeDialog.Kind)], asked[nameof(ChangeDialog.Tier)]).ShouldBe((ChangeKind.Tier, "premium"));
        ((PeopleChosen)asked[nameof(ChangeDialog.Chosen)]!).People.ShouldBe([new PersonVersion(1, 2)], "as she is now");
    }

    [Fact]
    public async Task Block_is_offered_back_as_an_unblock()
    {
        await ActAsync(PeopleChange.Block, 1);

        var (title, asked) = await PressAsync(OperatorRoles.Operator);

        (title, asked[nameof(ChangeDialog.Kind)]).ShouldBe(("Unblock 1 person?", ChangeKind.Unblock));
    }

    [Fact]
    public async Task Act_on_several_people_has_no_button()
    {
        await ActAsync(PeopleChange.Block, 1, 2);

        Render(await LineAsync(), OperatorRoles.Operator).FindAll("button").ShouldBeEmpty();
    }

    [Fact]
    public async Task Auditor_sees_no_button()
    {
        await ActAsync(PeopleChange.Block, 1);

        Render(await LineAsync(), OperatorRoles.Auditor).FindAll("button").ShouldBeEmpty();
    }

    [Fact]
    public async Task Tier_that_is_gone_is_said_and_nothing_is_asked()
    {
        await ActAsync(PeopleChange.MoveTo("enterprise"), 1);
        await _database.ExecuteAsync("update users set tier_id = 3; delete from tiers where name = 'premium'");
        var back = Render(await LineAsync(), OperatorRoles.Operator);

        await back.Find("button").ClickAsync(new());

        Services.GetRequiredService<Toasts>().Shown.ShouldHaveSingleItem().Text.ShouldBe("The tier premium is gone: choose another under Users");
    }

    private Task ActAsync(PeopleChange change, params long[] people) =>
        _acts.ChangeAsync(change, [.. people.Select(person => new PersonVersion(person, null))], "storm", Mara, CancellationToken.None);

    private async Task<AuditLine> LineAsync() => (await new AuditReader(_database.Databases).FindAsync(await _database.ScalarAsync<long>("select max(id) from audit"), CancellationToken.None))!;

    private async Task<(string Title, Dictionary<string, object?> Asked)> PressAsync(string role)
    {
        var back = Render(await LineAsync(), role);
        var opened = new TaskCompletionSource<(string, Dictionary<string, object?>)>();
        Services.GetRequiredService<DialogService>().OnOpen += (title, _, asked, _) => opened.TrySetResult((title ?? "", new(asked!)));
        back.Find("button").Click();
        return await opened.Task.WaitAsync(Patience);
    }

    private IRenderedComponent<ChangeBack> Render(AuditLine line, string role)
    {
        var databases = _database.Databases;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<DialogService>().AddScoped<ClientAddress>();
        var limits = new LimitUse(
            new TierLimits(databases, Options.Create(new LimitsOptions()), TimeProvider.System, NullLogger<TierLimits>.Instance),
            new LoopGuard(databases, TestKeys.Hasher, Options.Create(new LoopGuardOptions { Enabled = false }), NullLogger<LoopGuard>.Instance),
            Options.Create(new LimitsOptions()), new RedisConnection(null), TimeProvider.System);
        Services.AddSingleton(new PersonReader(databases, limits, TimeProvider.System)).AddSingleton(new PeopleList(databases, TestKeys.Hasher, TimeProvider.System));
        Services.AddSingleton(_acts).AddSingleton(new NumberReveal(databases, new PersonKeys(TestKeys.Masters))).AddScoped<PeopleDesk>().AddScoped<ChangeToasts>();
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        return Render<ChangeBack>(p => p.AddCascadingValue(line));
    }
}
