using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor;
using SmsAi.Core.Features.Settings;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Ui;
using SmsAi.Web.Features.Settings;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Settings;

/// <summary>The Settings page as an admin uses it.</summary>
public sealed class SettingsPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private TestDatabase _database = null!;
    private SettingsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _host = await SettingsHost.StartAsync(_database, ("Twilio:AuthToken", "canary-token"), ("LoopGuard:PerHour", "25"));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public void Each_setting_shows_its_value_its_source_and_no_secret()
    {
        var page = Open("settings");

        Row(page, "LoopGuard:PerHour").QuerySelector(".value")!.TextContent.Trim().ShouldBe("25");
        Row(page, "OpenAI:MaxTokens").QuerySelector(".source")!.TextContent.Trim().ShouldBe("Default");
        Row(page, "Twilio:AuthToken").QuerySelector(".value")!.TextContent.Trim().ShouldBe("set");
        Row(page, "Twilio:AuthToken").QuerySelectorAll("button").ShouldBeEmpty();
        page.Markup.ShouldNotContain("canary-token");
        page.Markup.ShouldNotContain("Host=");
    }

    [Fact]
    public async Task Change_is_checked_shown_and_can_be_undone()
    {
        var page = Open("settings?setting=OpenAI:MaxTokens");
        var dialog = await DialogAsync(page, "OpenAI:MaxTokens");

        dialog.Find("#setting-value").Change("999999");
        dialog.Find("#setting-reason").Change("longer answers");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => dialog.Find(".fault").TextContent.ShouldBe("OpenAI:MaxTokens must be between 1 and 16384."), Patience);
        dialog.Find("#setting-value").Change("200");
        await dialog.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Row(page, "OpenAI:MaxTokens").QuerySelector(".value")!.TextContent.Trim().ShouldBe("200"), Patience);
        Row(page, "OpenAI:MaxTokens").QuerySelector(".source")!.TextContent.Trim().ShouldBe("Console");
        page.WaitForAssertion(() => page.Find(".detail .ruled li").TextContent.ShouldContain("longer answers"), Patience);
        await page.InvokeAsync((await this.ToastAsync("OpenAI:MaxTokens is changed")).Act!);
        page.WaitForAssertion(() => Row(page, "OpenAI:MaxTokens").QuerySelector(".value")!.TextContent.Trim().ShouldBe("150"), Patience);
    }

    [Fact]
    public async Task Whoever_is_second_sees_theirs_and_hers_and_decides()
    {
        var page = Open("settings");
        var dialog = await DialogAsync(page, "OpenAI:MaxTokens");
        await _host.ChangeAsync("OpenAI:MaxTokens", "200", 0, "longer");

        dialog.Find("#setting-value").Change("90");
        dialog.Find("#setting-reason").Change("shorter");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => dialog.Find(".note.warn").TextContent.ShouldContain("Mara changed this while you edited."), Patience);
        dialog.FindAll(".note.warn .gap-above b").Select(part => part.TextContent).ShouldBe(["200", "90"]);
        dialog.Find("button[type=submit]").TextContent.ShouldBe("Save mine over it");
        await dialog.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Row(page, "OpenAI:MaxTokens").QuerySelector(".value")!.TextContent.Trim().ShouldBe("90"), Patience);
    }

    [Fact]
    public void Search_is_in_the_address_and_finds_by_name_and_meaning()
    {
        var page = Open("settings");

        page.Find("input[type=search]").Change("two machines");

        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("settings?q=two%20machines", Case.Sensitive), Patience);
        page.WaitForAssertion(() => page.FindAll(".list .name a").Select(name => name.TextContent).ShouldBe(["LoopGuard:Enabled"]), Patience);
    }

    [Fact]
    public void Whoever_may_only_look_changes_nothing()
    {
        var page = Open("settings", OperatorRoles.Operator);

        page.FindAll(".list .act button").Count.ShouldBeGreaterThan(10);
        page.FindAll(".list .act button").ShouldAllBe(button => button.HasAttribute("disabled"));
    }

    private static AngleSharp.Dom.IElement Row(IRenderedComponent<SettingsPage> page, string key) =>
        page.FindAll(".list tbody tr.opens").Single(row => row.QuerySelector(".name a")!.TextContent == key);

    private Task<IRenderedComponent<RadzenDialog>> DialogAsync(IRenderedComponent<SettingsPage> page, string key)
    {
        var dialogs = Render<RadzenDialog>();
        page.Find($"button[aria-label='Change {key}']").Click();
        dialogs.WaitForAssertion(() => dialogs.FindAll("#setting-value").ShouldNotBeEmpty(), Patience);
        return Task.FromResult(dialogs);
    }

    private IRenderedComponent<SettingsPage> Open(string path, string role = OperatorRoles.Admin)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<ClientAddress>().AddActing(_database);
        Services.AddRadzenComponents();
        Services.AddSingleton(_host.Get<LiveFeed>()).AddSingleton(_host.Acts).AddSingleton(_host.Get<SettingReader>()).AddTransient<SettingsModel>();
        this.AddAuthorization().SetAuthorized("Vera").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        var page = Render<SettingsPage>();
        page.WaitForAssertion(() => page.FindAll(".list tbody tr").ShouldNotBeEmpty(), Patience);
        return page;
    }
}
