using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Features.ApiKeys;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>The page of keys as an admin sees it.</summary>
public sealed class ApiKeysPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private IRenderedComponent<RadzenDialog> _dialogs = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        _live.Dispose();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Created_key_is_shown_once_and_then_only_its_prefix()
    {
        var page = Open();
        page.WaitForElement(".empty");

        page.FindAll("button").First(button => button.TextContent.Contains("Create a key", StringComparison.Ordinal)).Click();
        _dialogs.WaitForElement("#key-name").Change("night watch");
        _dialogs.Find("#key-role").Change(OperatorRoles.Operator);
        _dialogs.FindAll("[role=group] input").Count.ShouldBe(3);
        _dialogs.FindAll("[role=group] input")[1].Change(false);
        _dialogs.Find("form").Submit();

        var text = _dialogs.WaitForElement(".secret").TextContent;
        text.ShouldMatch("^smsai_live_[0-9a-f]{12}_[0-9a-f]{64}$");
        _dialogs.Find("[data-copy]").GetAttribute("data-copy").ShouldBe(text);
        _dialogs.FindAll("button").Single(button => button.TextContent == "I have kept it").Click();
        page.WaitForAssertion(() => page.Find(".keys .name").TextContent.ShouldContain("night watch"), Patience);
        page.Find(".keys .name code").TextContent.ShouldBe(text.Split('_')[2]);
        page.FindAll(".keys .tag").Select(tag => tag.TextContent).ShouldBe(["read", "stop"]);
        page.Markup.ShouldNotContain(text.Split('_')[3]);
    }

    [Fact]
    public async Task Faults_stand_at_their_fields_and_nothing_is_made()
    {
        var page = Open();

        page.FindAll("button").First(button => button.TextContent.Contains("Create a key", StringComparison.Ordinal)).Click();
        _dialogs.WaitForElement("[role=group] input").Change(false);
        _dialogs.Find("form").Submit();

        _dialogs.FindAll(".fault").Select(fault => fault.TextContent.Trim()).ShouldBe(
            ["Give it a name of 1 to 60 characters, such as the program that will use it.", "A key of role Viewer may have these: read. Name at least one."]);
        _dialogs.FindAll("#key-role option").Select(role => role.TextContent).ShouldBe(["Viewer", "Auditor", "Operator", "Admin"], "an admin makes no owner's key");
        (await _database.ScalarAsync<long>("select count(*) from api_keys")).ShouldBe(0);
    }

    [Fact]
    public async Task Rotated_key_shows_the_new_one_and_the_old_one_as_replaced()
    {
        var old = await MakeAsync("billing");
        var page = Open();
        page.WaitForAssertion(() => page.Find(".keys .name").TextContent.ShouldContain("billing"), Patience);

        page.Find("button[aria-label='Rotate billing']").Click();
        _dialogs.WaitForElement("form").Submit();

        _dialogs.WaitForElement(".secret").TextContent.ShouldNotBe(old.Text);
        _dialogs.FindAll("button").Single(button => button.TextContent == "I have kept it").Click();
        page.WaitForAssertion(() => page.FindAll(".keys .state").Select(state => state.TextContent).ShouldBe(["Works", "Replaced"]), Patience);
    }

    [Fact]
    public async Task Revoked_key_leaves_the_list_and_stands_under_all()
    {
        var key = await MakeAsync("<b>billing</b>");
        var page = Open();
        page.WaitForAssertion(() => page.Find(".keys .medium").TextContent.ShouldBe("<b>billing</b>"), Patience);

        page.Find("button[aria-label^=Revoke]").Click();
        _dialogs.WaitForElement("form").Submit();

        page.WaitForAssertion(() => page.Find(".empty .title").TextContent.ShouldBe("No key works"), Patience);
        Services.GetRequiredService<NavigationManager>().NavigateTo("api-keys?state=all");
        page.WaitForAssertion(() => page.Find(".keys .state").TextContent.ShouldBe("Revoked"), Patience);
        page.FindAll(".keys .acts button").ShouldBeEmpty();
        (await _database.ScalarAsync<string>("select actor from audit where action = 'key.revoke' and resource = $1", "key:" + key.Prefix)).ShouldBe("Mara");
    }

    [Fact]
    public async Task What_another_operator_does_to_keys_shows_by_itself()
    {
        await _live.StartAsync(CancellationToken.None);
        var page = Open();
        page.WaitForElement(".empty");

        var made = await MakeAsync("night watch");
        page.WaitForAssertion(() => page.Find(".keys .name").TextContent.ShouldContain("night watch"), Patience);

        await new ApiKeyActs(_database.Databases, _live, TimeProvider.System).RevokeAsync(made.Prefix, "leaked", Actor.CommandLine, CancellationToken.None);
        page.WaitForAssertion(() => page.Find(".empty .title").TextContent.ShouldBe("No key works"), Patience);
        await _live.StopAsync(CancellationToken.None);
    }

    private Task<MadeApiKey> MakeAsync(string name) => new ApiKeyActs(_database.Databases, _live, TimeProvider.System).CreateAsync(
        new ApiKeyOrder(name, OperatorRoles.Viewer, TimeSpan.FromDays(90)), Actor.CommandLine, CancellationToken.None);

    private IRenderedComponent<ApiKeysPage> Open()
    {
        var person = this.AddAuthorization();
        person.SetAuthorized("Mara");
        person.SetRoles(OperatorRoles.Admin);
        person.SetPolicies(Rights.CanAdminister);
        Services.AddSingleton(TimeProvider.System).AddSingleton(_database.Databases).AddSingleton(_live);
        Services.AddSingleton<ApiKeyActs>().AddActing(_database).AddScoped<ApiKeyDesk>().AddScoped<ClientAddress>().AddScoped<BrowserClock>().AddScoped<Toasts>();
        Services.AddRadzenComponents();
        JSInterop.Mode = JSRuntimeMode.Loose;
        _dialogs = Render<RadzenDialog>();
        Services.GetRequiredService<NavigationManager>().NavigateTo("api-keys");
        return Render<ApiKeysPage>();
    }
}
