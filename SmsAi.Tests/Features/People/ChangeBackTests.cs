using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.People;

/// <summary>Putting back, from its line of the trail, what an act changed about people.</summary>
public sealed class ChangeBackTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
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
    public async Task Move_is_previewed_and_made_undone_by_a_line_that_names_it()
    {
        await ActAsync(PeopleChange.MoveTo("enterprise"), 1);
        var line = await LineAsync();

        var dialog = await PressAsync(line);
        dialog.WaitForAssertion(() => Rows(dialog).ShouldBe(["Enterprise | Premium | 1"]), Patience);
        await dialog.Find("form").SubmitAsync();
        dialog.Find(".fault").TextContent.ShouldBe("Say why, in a few words.");
        dialog.Find("#back-reason").Change("wrong person");
        await dialog.Find("form").SubmitAsync();

        await Until.EqualAsync("premium", () => _database.ScalarAsync<string>("select t.name from users u join tiers t on t.id = u.tier_id where u.id = 1"));
        (await LineAsync()).ShouldSatisfyAllConditions(
            last => last.Actor.ShouldBe("Mara"), last => last.Resource.ShouldBe("user:1"),
            last => last.Metadata.ShouldBe($$"""{"after": {"tier": "premium"}, "before": {"tier": "enterprise"}, "reason": "wrong person", "undoes": {{line.Id}}}"""));
    }

    [Fact]
    public async Task Act_on_several_is_changed_back_for_those_who_are_still_so()
    {
        await ActAsync(PeopleChange.Block, 1, 2);
        var line = await LineAsync();
        await ActAsync(PeopleChange.Unblock, 2);

        var dialog = await PressAsync(line);
        dialog.WaitForAssertion(() => Rows(dialog).ShouldBe(["Premium | changed since, stays so | 1", "Premium, blocked | Premium | 1"]), Patience);
        dialog.Find("button[type=submit]").TextContent.ShouldBe("Change 1 person back");
        dialog.Find("#back-reason").Change("calm again");
        await dialog.Find("form").SubmitAsync();

        await Until.EqualAsync(0L, () => _database.ScalarAsync<long>("select count(*) from users where is_blocked"));
        (await _database.ScalarAsync<int>("select version from users where id = 2")).ShouldBe(3, "she was not touched again");
    }

    [Fact]
    public async Task Act_on_all_that_match_is_changed_back_from_any_of_its_lines()
    {
        await _database.ExecuteAsync("insert into users (id, phone_hash, phone_tail, alias, tier_id) select n, sha256(n::text::bytea), '67', 'amber-otter-4' || n, 2 from generate_series(3, 700) n");
        await _acts.ChangeAllAsync(PeopleChange.PutTag("vip"), new PeopleFilter(), "launch", Mara, new Progress<long>(), CancellationToken.None);
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(2);

        var back = await _acts.ChangeBackAsync(await _database.ScalarAsync<long>("select min(id) from audit"), "too many", Mara, new Progress<long>(), CancellationToken.None);

        back.Changed.Count.ShouldBe(700);
        (await _database.ScalarAsync<long>("select count(*) from users where tags <> '{}'")).ShouldBe(0);
        (await _database.ListAsync<string>("select action || ' ' || (metadata ->> 'undoes') from audit order by id offset 2")).ShouldBe(["user.untag 1", "user.untag 1"]);
    }

    [Theory]
    [InlineData("update users set tier_id = 1", "This person was changed since: she is Free now.")]
    [InlineData("update users set tier_id = 3; delete from tiers where name = 'premium'", "The tier premium is gone. Choose another under Users.")]
    [InlineData("delete from users", "Nobody is there to change back: whoever this row changed was erased.")]
    public async Task What_has_moved_on_since_is_refused_in_a_sentence(string meanwhile, string sentence)
    {
        await ActAsync(PeopleChange.MoveTo("enterprise"), 1);
        var line = await LineAsync();
        await _database.ExecuteAsync("update users set tier_id = 3 where id = 2");
        await _database.ExecuteAsync(meanwhile);

        var dialog = await PressAsync(line);

        dialog.WaitForAssertion(() => dialog.Find(".lead").TextContent.ShouldBe(sentence), Patience);
        dialog.FindAll("button[type=submit]").ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_was_faster_between_look_and_act_is_named_by_the_refusal()
    {
        await ActAsync(PeopleChange.MoveTo("enterprise"), 1);
        var dialog = await PressAsync(await LineAsync());
        dialog.WaitForAssertion(() => Rows(dialog).Length.ShouldBe(1), Patience);
        await _acts.ChangeAsync(PeopleChange.MoveTo("free"), [new(1, null)], "mine", Mara with { Name = "Jonas" }, CancellationToken.None);

        dialog.Find("#back-reason").Change("wrong person");
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => dialog.Find(".lead").TextContent.ShouldBe("Nobody is changed back: Jonas was faster."), Patience);
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(2);
    }

    [Fact]
    public async Task Auditor_sees_no_button_and_may_not_either()
    {
        await ActAsync(PeopleChange.Block, 1);
        var line = await LineAsync();

        Render(line, OperatorRoles.Auditor).FindAll("button").ShouldBeEmpty();
        await Should.ThrowAsync<UnauthorizedAccessException>(
            () => _acts.ChangeBackAsync(line.Id, "why", Mara with { Role = OperatorRoles.Auditor }, new Progress<long>(), CancellationToken.None));
    }

    private Task ActAsync(PeopleChange change, params long[] people) =>
        _acts.ChangeAsync(change, [.. people.Select(person => new PersonVersion(person, null))], "storm", Mara, CancellationToken.None);

    private async Task<AuditLine> LineAsync() => (await new AuditReader(_database.Databases).FindAsync(await _database.ScalarAsync<long>("select max(id) from audit"), CancellationToken.None))!;

    private static string[] Rows(IRenderedComponent<BackDialog> dialog) =>
        [.. dialog.FindAll("tbody tr").Select(row => string.Join(" | ", row.Children.Select(cell => cell.TextContent))).Where(row => row.Length > 3)];

    private async Task<IRenderedComponent<BackDialog>> PressAsync(AuditLine line)
    {
        var back = Render(line, OperatorRoles.Operator);
        var opened = new TaskCompletionSource<Dictionary<string, object?>>();
        Services.GetRequiredService<DialogService>().OnOpen += (_, _, asked, _) => opened.TrySetResult(new(asked!));
        back.Find("button").Click();
        var asked = await opened.Task.WaitAsync(Patience);
        return Render<BackDialog>(p => p.Add(dialog => dialog.Act, (BackAct)asked[nameof(BackDialog.Act)]!));
    }

    private IRenderedComponent<ChangeBack> Render(AuditLine line, string role)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<DialogService>().AddScoped<ClientAddress>();
        Services.AddSingleton(_acts).AddActing(_database);
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        return Render<ChangeBack>(p => p.AddCascadingValue(line));
    }
}
