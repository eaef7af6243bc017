using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Features.People;

/// <summary>The dialog that previews a change of people, asks why and makes it.</summary>
public sealed class ChangeDialogTests : BunitContext, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        await Crowd.AddAsync(_database, 40, Now);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        _live.Dispose();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Number_stands_on_the_button_and_a_reason_is_asked()
    {
        var dialog = Open(ChangeKind.Tier, new PeopleChosen([new(1, 1), new(2, 1), new(4, 1)], null, 3));
        dialog.FindAll("tbody tr").Select(row => string.Join(" | ", row.Children.Select(cell => cell.TextContent))).ShouldBe(["Free | Premium | 2", "Premium | stays so | 1"]);
        dialog.Find("button[type=submit]").TextContent.ShouldBe("Move 2 people");

        await dialog.Find("form").SubmitAsync();
        dialog.Find(".fault").TextContent.ShouldBe("Say why, in a few words.");
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);

        dialog.Find("#change-reason").Change("launch");
        await dialog.Find("form").SubmitAsync();
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from users where tier_id = 2 and id < 4") == 2);
        (await _database.ScalarAsync<string>("select actor || ' ' || role from audit")).ShouldBe("Mara Operator");
    }

    [Fact]
    public async Task All_that_match_are_counted_exactly_before()
    {
        var dialog = Open(ChangeKind.Block, new PeopleChosen([], new PeopleFilter { Country = "US" }, 20));

        dialog.Find("button.danger").TextContent.ShouldBe("Block 20 people");
        dialog.Find("#change-reason").Change("storm");
        await dialog.Find("form").SubmitAsync();

        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from users where is_blocked") == 20);
    }

    [Fact]
    public async Task Role_that_lost_its_right_changes_nothing_though_the_dialog_is_open()
    {
        var dialog = Open(ChangeKind.Block, new PeopleChosen([new(1, 1)], null, 1), OperatorRoles.Viewer);

        dialog.Find("#change-reason").Change("storm");
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => dialog.Find(".fault").TextContent.ShouldBe("Nothing is changed: your role may not do this."), Patience);
        (await _database.ScalarAsync<long>("select count(*) from users where is_blocked")).ShouldBe(0);
        (await _database.ListAsync<string>("select actor || ' ' || role || ' ' || action || ' ' || resource from audit")).ShouldBe(["Mara Viewer access.denied right:CanOperate"]);
    }

    [Fact]
    public async Task Tier_that_was_removed_meanwhile_is_named_and_nobody_is_moved()
    {
        var dialog = Open(ChangeKind.Tier, new PeopleChosen([new(1, 1)], null, 1));
        await _database.ExecuteAsync("update users set tier_id = 1; delete from tiers where name = 'premium'");

        dialog.Find("#change-reason").Change("launch");
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(
            () => dialog.Find(".fault").TextContent.ShouldBe("Nothing more is changed: somebody removed that tier. Choose another."), Patience);
        (await _database.ScalarAsync<long>("select count(*) from users where tier_id <> 1")).ShouldBe(0);
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    [Fact]
    public async Task Tag_is_typed_as_people_write_previewed_and_put_on()
    {
        await _database.ExecuteAsync("update users set tags = array['early-bird'] where id = 2");
        var dialog = Open(ChangeKind.Tag, new PeopleChosen([new(1, 1), new(2, 1), new(3, 1)], null, 3));
        dialog.FindAll("table").ShouldBeEmpty("there is nothing to preview yet");
        dialog.FindAll("datalist option").Select(tag => tag.GetAttribute("value")).ShouldBe(["vip"]);

        dialog.Find("#the-tag").Input(" Early Bird ");

        dialog.WaitForAssertion(() => dialog.FindAll("tbody tr").Select(row => string.Join(" | ", row.Children.Select(cell => cell.TextContent)))
            .ShouldBe(["not early-bird | early-bird | 2", "early-bird | stays so | 1"]), Patience);
        dialog.Find("button[type=submit]").TextContent.ShouldBe("Tag 2 people");
        dialog.Find("#change-reason").Change("first ones");
        await dialog.Find("form").SubmitAsync();
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from users where tags = array['early-bird']") == 3);
    }

    [Fact]
    public void Tag_that_is_none_is_named_before_anything_is_asked_of_the_database()
    {
        var dialog = Open(ChangeKind.Tag, new PeopleChosen([new(1, 1)], null, 1));

        dialog.Find("#the-tag").Input("<script>");

        dialog.WaitForAssertion(() => dialog.Find(".fault").TextContent.ShouldBe("Up to 30 small letters, digits and hyphens."), Patience);
        dialog.Find("button[type=submit]").HasAttribute("disabled").ShouldBeTrue();
    }

    private IRenderedComponent<ChangeDialog> Open(ChangeKind kind, PeopleChosen chosen, string role = OperatorRoles.Operator)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddScoped<DialogService>().AddScoped<ClientAddress>().AddSingleton(new PersonContacts(_database.Databases, new SmsAi.Core.Platform.Privacy.PersonKeys(TestKeys.Masters))).AddScoped<PeopleDesk>().AddActing(_database);
        Services.AddSingleton(TimeProvider.System).AddSingleton(new PeopleActs(_database.Databases, _live, new FixedClock(Now)));
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        var dialog = Render<ChangeDialog>(p => p.Add(d => d.Kind, kind).Add(d => d.Chosen, chosen).Add(d => d.Tiers, ["free", "premium", "enterprise"]).Add(d => d.Tags, ["vip"]));
        if (kind is not (ChangeKind.Tag or ChangeKind.Untag))
            dialog.WaitForAssertion(() => dialog.FindAll("tbody td.right").ShouldNotBeEmpty(), Patience);
        return dialog;
    }
}
