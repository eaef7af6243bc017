using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Features.SystemCheck;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.SystemCheck;

/// <summary>The System page and the webhook log as an operator sees them.</summary>
public sealed class SystemPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Page_names_what_is_down_and_every_replica()
    {
        await _database.ExecuteAsync("""
            insert into replicas (id, name, seen_at) values (1, 'app-1', now()), (2, 'app-2', now()), (3, 'app-3', now() - interval '1 minute'), (5, 'app-5', now() - interval '3 hours');
            insert into replicas (id, name, seen_at, stopped_at) values (4, 'app-4', now() - interval '2 hours', now() - interval '2 hours');
            insert into replica_figures (replica_id, version, cpu_percent, memory_bytes, threads, connections, turns, turns_at_most, disk_free_bytes, disk_bytes) values
              (1, '1.0.0', 12.4, 310000000, 41, 7, 3, 512, 52000000000, 60000000000), (2, '1.0.0', 3, 300000000, 40, 5, 0, 512, 900000000, 60000000000);
            insert into replica_services (replica_id, name, state, since, latency_ms, last_error, last_error_at) values
              (1, 'database', 'up', now(), 0.6, null, null), (2, 'database', 'up', now(), 0.7, null, null),
              (1, 'twilio', 'up', now(), 84, null, null), (2, 'twilio', 'down', now(), null, '503 from the edge', now());
            """);
        Services.AddTransient(provider => new SystemModel(provider.GetRequiredService<SystemReader>())).AddSingleton(new SystemReader(_database.Databases, TimeProvider.System));

        var page = Open<SystemPage>("system", ".replicas tbody tr");

        Figure(page, "Services up").ShouldBe("1 of 4");
        page.Find(".services tbody tr:nth-child(3)").TextContent.ShouldContain("Down for 1 of 2");
        page.Find(".services tbody tr:nth-child(3)").TextContent.ShouldContain("503 from the edge");
        page.Find(".services tbody tr:nth-child(1)").TextContent.ShouldContain("Up");
        page.FindAll(".replicas tbody .name code").Select(name => name.TextContent).ShouldBe(["app-1", "app-2", "app-3", "app-4", "app-5"]);
        page.Find(".replicas tbody tr:first-child").TextContent.ShouldContain("310 MB");
        page.Find(".replicas tbody tr:nth-child(3)").ClassName!.ShouldContain("is-gone");
        page.Find(".replicas tbody tr:nth-child(3) .seen .state").ClassName!.ShouldContain("stop");
        page.FindAll(".replicas tbody tr:nth-child(n+4)").Select(row => (row.ClassName, row.QuerySelector(".seen")!.TextContent.Trim()[..4])).ShouldBe([("is-gone", "Stop"), ("is-gone", "Lost")]);
        Figure(page, "Replicas").ShouldBe("2");
        Figure(page, "Disk free").ShouldBe("900MB", "the fullest disk counts");
    }

    [Fact]
    public async Task Choosing_a_verdict_is_in_the_address_and_leaves_only_what_fits()
    {
        await _database.ExecuteAsync("""
            insert into webhook_log (path, verdict, status, message_id, times) values
              ('/sms/receive', 'signature_mismatch', 403, null, 12), ('/sms/status', 'other_sid', 200, 41, 1), ('/sms/receive', 'header_missing', 403, null, 3)
            """);
        Services.AddTransient(_ => new WebhooksModel(new WebhookLog(_database.Databases)));
        var page = Open<WebhooksPage>("system/webhooks", ".posts tbody tr");
        page.FindAll(".posts tbody tr").Count.ShouldBe(3);

        page.Find("select[aria-label=Verdict]").Change("other_sid");

        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("system/webhooks?verdict=other_sid");
        page.WaitForAssertion(() => page.FindAll(".posts tbody tr").Count.ShouldBe(1), Patience);
        page.Find(".posts .verdict").TextContent.ShouldContain("Report with another id");
        page.Find(".posts a.link").GetAttribute("href").ShouldBe("messages/41");
    }

    private IRenderedComponent<T> Open<T>(string path, string until)
        where T : IComponent
    {
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>();
        this.AddAuthorization().SetAuthorized("Vera").SetRoles(OperatorRoles.Viewer).SetPolicies(Rights.CanRead);
        Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        var page = Render<T>();
        page.WaitForAssertion(() => page.FindAll(until).ShouldNotBeEmpty(), Patience);
        return page;
    }

    private static string Figure(IRenderedComponent<SystemPage> page, string label) =>
        page.FindAll(".figure").Single(figure => figure.QuerySelector("dt")!.TextContent == label).QuerySelector(".value")!.TextContent.Trim();
}
