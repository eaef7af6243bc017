using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Radzen;
using Radzen.Blazor;
using SmsAi.Core.Features.Errors;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Ui;
using SmsAi.Web.Features.Errors;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Errors;

/// <summary>The Errors page as an operator uses it.</summary>
public sealed class ErrorsPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private TestDatabase _database = null!;
    private OpenErrors _open = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _open = new OpenErrors(_database.Databases, TimeProvider.System, NullLogger<OpenErrors>.Instance);
        await _database.ExecuteAsync("""
            insert into error_logs (id, error_type, error_message, category, severity, component, metadata) values
              (1, 'send_failed', 'The carrier <b>refused</b>', 'NETWORK', 'HIGH', 'Delivery', '{"count": 3, "message": 41}'),
              (2, 'send_failed', 'The carrier refused again', 'NETWORK', 'HIGH', 'Delivery', '{}'),
              (3, 'chain_broken', 'The chain is broken', 'SYSTEM', 'CRITICAL', 'ChainCheck', '{}')
            """);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        _open.Dispose();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public void Open_error_shows_what_it_says_as_text_and_where_it_leads()
    {
        var page = Open("errors?row=1");

        page.FindAll(".list .text a").Select(link => link.TextContent).ShouldBe(["The chain is broken", "The carrier refused again", "The carrier <b>refused</b>"], ignoreOrder: true);
        page.Find(".unfolded .message").TextContent.ShouldBe("The carrier <b>refused</b>");
        page.FindAll(".unfolded a").Select(link => link.GetAttribute("href")).ShouldContain("messages/41");
        page.Find(".unfolded").TextContent.ShouldContain("Resolve all 2 of this kind");
    }

    [Fact]
    public async Task Resolving_all_of_a_kind_leaves_the_others_and_says_how_many()
    {
        var page = Open("errors?row=1");
        var dialogs = Render<RadzenDialog>();

        page.FindAll(".unfolded button").Single(button => button.TextContent.Contains("of this kind", StringComparison.Ordinal)).Click();
        dialogs.WaitForAssertion(() => dialogs.Find("button[type=submit]").TextContent.ShouldBe("Resolve 2 errors"), Patience);
        dialogs.Find("#error-note").Change("The carrier was down");
        await dialogs.Find("form").SubmitAsync();

        page.WaitForAssertion(() => page.FindAll(".list .text a").Select(link => link.TextContent).ShouldBe(["The chain is broken"]), Patience);
        await this.ToastAsync("2 errors resolved");
        (await _database.ScalarAsync<string>("select actor || ': ' || (metadata ->> 'reason') from audit")).ShouldBe("Vera: The carrier was down");
    }

    [Fact]
    public void Choosing_a_severity_is_in_the_address_and_leaves_only_what_fits()
    {
        var page = Open("errors");

        page.Find("select[aria-label=Severity]").Change("critical");

        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("errors?severity=critical"), Patience);
        page.WaitForAssertion(() => page.FindAll(".list .text a").Select(link => link.TextContent).ShouldBe(["The chain is broken"]), Patience);
    }

    [Fact]
    public void Whoever_may_only_look_cannot_resolve()
    {
        var page = Open("errors?row=3", OperatorRoles.Viewer);

        page.FindAll(".unfolded button").Single(button => button.TextContent == "Resolve…").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public async Task Side_counts_the_open_ones_as_they_come_and_go()
    {
        Services.AddSingleton(_open);
        var count = Render<OpenErrorCount>();
        count.MarkupMatches("");

        await _open.CountAsync(CancellationToken.None);

        count.WaitForAssertion(() => count.Find(".count.needed").TextContent.ShouldBe("open: 3"), Patience);
    }

    private IRenderedComponent<ErrorsPage> Open(string path, string role = OperatorRoles.Operator)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<ClientAddress>().AddActing(_database);
        Services.AddRadzenComponents();
        Services.AddSingleton(_open).AddSingleton(new ErrorActs(_database.Databases, _open));
        Services.AddTransient(_ => new ErrorsModel(new ErrorList(_database.Databases)));
        this.AddAuthorization().SetAuthorized("Vera").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        var page = Render<ErrorsPage>();
        page.WaitForAssertion(() => page.FindAll(".list tbody tr, .empty").ShouldNotBeEmpty(), Patience);
        return page;
    }
}
