using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Features.People;

/// <summary>Two operators in the same dialog: the slower one overwrites nothing and is told who was faster.</summary>
public sealed class TwoEditorsTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Actor Jonas = new("Jonas", 8, OperatorRoles.Admin);
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        var databases = _database.Databases;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System).AddSingleton(new AuditReader(databases)).AddSingleton(new PersonActs(databases, _live));
        Services.AddSingleton(new Tiers(databases, Options.Create(new LimitsOptions()), _live)).AddSingleton(new PeopleActs(databases, _live, TimeProvider.System));
        Services.AddSingleton(new PersonContacts(databases, new PersonKeys(TestKeys.Masters))).AddScoped<ClientAddress>().AddScoped<PeopleDesk>().AddActing(_database).AddScoped<DialogService>();
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(OperatorRoles.Admin)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(OperatorRoles.Admin)).Select(right => right.Key)]);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        _live.Dispose();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Of_a_tier()
    {
        var tiers = Services.GetRequiredService<Tiers>();
        var seen = (await tiers.ReadAsync(CancellationToken.None)).Single(tier => tier.Name == "premium");
        var dialog = Render<TierDialog>(p => p.Add(d => d.Seen, seen));
        await tiers.ChangeAsync(seen, seen.Rules with { PerMinute = 31 }, Jonas, CancellationToken.None);

        await dialog.InvokeAsync(() => dialog.Find("form").Submit());

        dialog.WaitForAssertion(
            () => dialog.Find(".fault").TextContent.ShouldBe("Jonas changed this tier while you edited. Close this, look, then decide."), Patience);
        (await _database.ScalarAsync<int>("select per_minute from tiers where name = 'premium'")).ShouldBe(31);
    }

    [Fact]
    public async Task Of_a_tiers_month_and_models()
    {
        var tiers = Services.GetRequiredService<Tiers>();
        var seen = (await tiers.ReadAsync(CancellationToken.None)).Single(tier => tier.Name == "premium");
        var first = Render<TierDialog>(p => p.Add(d => d.Seen, seen));
        var second = Render<TierDialog>(p => p.Add(d => d.Seen, seen));
        first.Find("#tier-models").Change("gpt(4)");
        await first.InvokeAsync(() => first.Find("form").Submit());
        first.Find(".fault").TextContent.ShouldBe("“gpt(4)” is no model's name. Write it as in gpt-4o-mini.");
        first.Find("#tier-dollars").Change("2.50");
        first.Find("#tier-models").Change("gpt-4o, gpt-4o-mini");
        first.Find("#tier-context").Change("4");
        await first.InvokeAsync(() => first.Find("form").Submit());
        await Until.EqualAsync("2500000 gpt-4o gpt-4o-mini 4", () => _database.ScalarAsync<string>(
            "select concat_ws(' ', micros_month, array_to_string(models, ' '), context_turns) from tiers where name = 'premium'"));

        second.Find("#tier-segments").Change("9");
        await second.InvokeAsync(() => second.Find("form").Submit());

        second.WaitForAssertion(() => second.Find(".fault").TextContent.ShouldStartWith("Mara changed this tier while you edited."), Patience);
        (await _database.ScalarAsync<int>("select segments_month from tiers where name = 'premium'")).ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_billing_id()
    {
        await _database.ExecuteAsync("insert into users (id, phone_hash, phone_tail, alias) values (1, sha256('1'), '67', 'amber-otter-41')");
        var dialog = Render<BillingDialog>(p => p.Add(d => d.Person, 1));
        var acts = Services.GetRequiredService<PersonActs>();
        await acts.SetBillingIdAsync(1, null, "theirs", Jonas, CancellationToken.None);
        // What others did to her besides is not what was in the way.
        await acts.TagAsync(1, "vip", true, Jonas with { Name = "Ada" }, CancellationToken.None);
        dialog.Find("#billing-id").Change("mine");

        await dialog.InvokeAsync(() => dialog.Find("form").Submit());

        dialog.WaitForAssertion(
            () => dialog.Find(".fault").TextContent.ShouldBe("Not changed: Jonas changed it meanwhile. Close, look again, then decide."), Patience);
        (await _database.ScalarAsync<string>("select billing_customer_id from users")).ShouldBe("theirs");
    }

    [Fact]
    public async Task Of_a_name_and_address()
    {
        var profile = PersonKey.Create();
        await _database.ExecuteAsync(
            "insert into users (id, phone_hash, phone_tail, alias, phone_cipher) values (1, sha256('1'), '67', 'amber-otter-41', $1)", profile.Encrypt("+12025550167", "users.phone", 1));
        await _database.ExecuteAsync(
            "insert into user_keys (user_id, month, key_id, wrapped, master_id) values (1, '1970-01-01', $1, $2, $3)", profile.Id, TestKeys.Masters.Wrap(profile), TestKeys.Masters.CurrentId);
        var seen = new PersonContact("+12025550167", null, null);
        var dialog = Render<ContactDialog>(p => p.Add(d => d.Person, 1).Add(d => d.Seen, seen));
        var contacts = Services.GetRequiredService<PersonContacts>();
        (await contacts.ChangeAsync(1, seen, "Ada Theirs", "theirs@example.org", Jonas, CancellationToken.None)).ShouldBeTrue();
        dialog.Find("#contact-name").Change("Ada Mine");

        await dialog.InvokeAsync(() => dialog.Find("form").Submit());

        dialog.WaitForAssertion(
            () => dialog.FindAll(".fault")[^1].TextContent.ShouldBe("Not changed: somebody changed it meanwhile. Close, reveal again, then decide."), Patience);
        (await contacts.RevealAsync(1, "to look", Jonas, CancellationToken.None)).ShouldBe(new PersonContact("+12025550167", "Ada Theirs", "theirs@example.org"));
    }
}
