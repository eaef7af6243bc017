using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Features.People;

/// <summary>The form of a person's preferences: faults by field, and theirs beside yours when two edit at once.</summary>
public sealed class PreferencesDialogTests : BunitContext, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private TestDatabase _database = null!;
    private RunningFeed _feed = null!;
    private HandPerson _person = null!;
    private PersonActs _acts = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _feed = await RunningFeed.StartAsync(_database.Databases);
        _person = await HandPerson.AddAsync(_database);
        _acts = new PersonActs(_database.Databases, _feed.Live);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _feed.DisposeAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Theirs_and_yours_stand_side_by_side_and_yours_wins_only_when_saved_again()
    {
        var dialog = Open();
        await _acts.SavePreferencesAsync(
            _person.Id, PersonPreferences.None, PersonPreferences.None with { Language = "de", AutoRetry = false }, new Actor("Jonas", 8, OperatorRoles.Operator), CancellationToken.None);
        dialog.Find("#language").Change("fr");

        await dialog.InvokeAsync(() => dialog.Find("form").Submit());

        dialog.WaitForAssertion(() => dialog.Find(".note b").TextContent.ShouldBe("Jonas changed these preferences while you edited."), Patience);
        dialog.FindAll(".note tbody tr").Select(row => row.TextContent.Trim()).ShouldBe(["LanguageGermanFrench", "Ask the model againoffon"]);
        (await LanguageAsync()).ShouldBe("de");
        await dialog.InvokeAsync(() => dialog.Find("form").Submit());
        await Until.TrueAsync(async () => await LanguageAsync() == "fr", "yours is saved");
    }

    [Fact]
    public async Task Taking_theirs_fills_the_form_with_it()
    {
        var dialog = Open();
        await _acts.SavePreferencesAsync(
            _person.Id, PersonPreferences.None, PersonPreferences.None with { Persona = "Briefly, please" }, new Actor("Jonas", 8, OperatorRoles.Operator), CancellationToken.None);
        dialog.Find("#language").Change("fr");
        await dialog.InvokeAsync(() => dialog.Find("form").Submit());
        dialog.WaitForAssertion(() => dialog.FindAll(".note .acts button").ShouldNotBeEmpty(), Patience);

        dialog.Find(".note .acts button").Click();

        dialog.WaitForAssertion(() => dialog.FindAll(".note").ShouldBeEmpty(), Patience);
        dialog.Find("#persona").GetAttribute("value").ShouldBe("Briefly, please");
        dialog.FindAll(".note").ShouldBeEmpty();
    }

    [Fact]
    public async Task Fault_stands_at_its_field_and_nothing_is_saved()
    {
        var dialog = Open();
        dialog.Find("#time-zone").Change("Berlin");

        await dialog.InvokeAsync(() => dialog.Find("form").Submit());

        dialog.Find("#time-zone").GetAttribute("aria-invalid").ShouldBe("true");
        dialog.Find(".fault").TextContent.ShouldBe("No zone has this name. Write it as in Europe/Berlin.");
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    private Task<string?> LanguageAsync() => _database.ScalarAsync<string>("select preferences ->> 'language' from users");

    private IRenderedComponent<PreferencesDialog> Open()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(new FixedClock(Now)).AddScoped<DialogService>().AddScoped<ClientAddress>().AddScoped<PeopleDesk>().AddActing(_database).AddSingleton(_acts);
        Services.AddSingleton(new PeopleActs(_database.Databases, _feed.Live, new FixedClock(Now)))
            .AddSingleton(new PersonContacts(_database.Databases, new PersonKeys(TestKeys.Masters)));
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(OperatorRoles.Operator)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(OperatorRoles.Operator)).Select(right => right.Key)]);
        return Render<PreferencesDialog>(p => p.Add(dialog => dialog.Person, _person.Id).Add(dialog => dialog.Seen, PersonPreferences.None));
    }
}
