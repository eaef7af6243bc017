using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Radzen;
using Radzen.Blazor;
using SmsAi.Core.Features.Jobs;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Scheduling;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Features.Jobs;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Jobs;

/// <summary>The Jobs page as an admin and a viewer see it.</summary>
public sealed class JobsPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private static readonly ScheduledJob[] Jobs = [new("inbound-sweep", "45 * * * * ?", "Takes in what no webhook brought."), new("audit-chain", "0 40 3 * * ?", "Walks along the chain.")];

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync("""
            insert into replicas (name) values ('app-1');
            insert into job_runs (job, replica, requested_at, started_at, finished_at, succeeded, fault, by_name, reason) values
              ('audit-chain', 'app-1', now() - interval '1 hour', now() - interval '1 hour', now() - interval '59 minutes', false, 'PostgresException 57014', 'Mara', 'to <b>see</b>');
            insert into job_runs (job, replica, started_at) values ('inbound-sweep', 'app-1', now())
            """);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public void Each_job_says_what_it_does_when_and_how_it_went()
    {
        var page = Open("jobs?job=audit-chain");

        page.FindAll(".jobs .job a").Select(link => link.TextContent).ShouldBe(["Audit chain", "Inbound sweep"]);
        page.FindAll(".jobs .what").Select(what => what.TextContent).ShouldBe(["Walks along the chain.", "Takes in what no webhook brought."]);
        page.FindAll(".jobs .last .state").Select(state => state.TextContent).ShouldBe(["Failed", "Running"]);
        page.Find(".runs tbody tr").TextContent.ShouldContain("PostgresException 57014");
        page.Find(".runs tbody tr").TextContent.ShouldContain("to <b>see</b>");
        page.Find("button[aria-label='Run now… inbound-sweep']").HasAttribute("disabled").ShouldBeTrue("it runs already");
    }

    [Fact]
    public async Task Switching_off_asks_why_and_shows_who_did()
    {
        var page = Open("jobs");
        var dialogs = Render<RadzenDialog>();
        page.Find("button[aria-label='Switch off… audit-chain']").Click();
        dialogs.WaitForAssertion(() => dialogs.Find("button[type=submit]").TextContent.ShouldBe("Switch off"), Patience);

        await dialogs.Find("form").SubmitAsync();
        dialogs.Find(".fault").TextContent.ShouldBe("Say why, in a few words.");
        dialogs.Find("#job-reason").Change("restoring");
        await dialogs.Find("form").SubmitAsync();

        page.WaitForAssertion(() => page.Find(".jobs .tag.warn").TextContent.ShouldBe("Off"), Patience);
        page.Find("button[aria-label='Switch on… audit-chain']").TextContent.ShouldBe("Switch on…");
        (await _database.ScalarAsync<string>("select by_name || ': ' || reason from job_switches where disabled")).ShouldBe("Vera: restoring");
    }

    [Fact]
    public void Whoever_may_only_look_has_no_act()
    {
        var page = Open("jobs", OperatorRoles.Operator);

        page.FindAll(".jobs .acts button").ShouldAllBe(button => button.HasAttribute("disabled"));
    }

    private IRenderedComponent<JobsPage> Open(string path, string role = OperatorRoles.Admin)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<ClientAddress>().AddActing(_database);
        Services.AddRadzenComponents();
        Services.AddQuartz();
        Services.AddSingleton(provider => new JobActs(_database.Databases, provider.GetRequiredService<ISchedulerFactory>(), Jobs));
        Services.AddTransient(_ => new JobsModel(new JobList(_database.Databases, Jobs, TimeProvider.System)));
        this.AddAuthorization().SetAuthorized("Vera").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        var page = Render<JobsPage>();
        page.WaitForAssertion(() => page.FindAll(".jobs .job").ShouldNotBeEmpty(), Patience);
        return page;
    }
}
