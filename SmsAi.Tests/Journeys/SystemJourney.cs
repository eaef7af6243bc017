using Microsoft.Playwright;

namespace SmsAi.Tests.Journeys;

/// <summary>An owner looks after the system: two replicas, an error, a job, a setting.</summary>
[Collection(JourneyCollection.Name)]
public sealed class SystemJourney
{
    [Fact]
    public async Task Owner_sees_every_replica_resolves_an_error_runs_a_job_and_changes_a_setting()
    {
        await using var service = await Service.StartAsync();
        await service.AddReplicaAsync();
        await service.Database.ExecuteAsync("insert into error_logs (error_type, error_message, component, severity) values ('disk_full', 'The disk is full', 'Disk', 'HIGH')");
        await using var owner = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password);

        await owner.GoAsync("/system");
        await Assertions.Expect(owner.Page.Locator(".replicas tbody tr")).ToHaveCountAsync(2);
        await owner.Page.Locator(".services tbody tr", new() { HasText = "PostgreSQL" }).Locator(".state.ok").WaitForAsync();
        await owner.GoAsync("/system/webhooks");
        await owner.Page.Locator(".posts .verdict", new() { HasText = "Report about an unknown message" }).First.WaitForAsync();
        await owner.GoAsync("/system/check");
        await owner.Page.Locator(".checks tbody tr", new() { HasText = "Schema" }).WaitForAsync();

        await owner.Page.Locator(".side-link", new() { HasText = "Errors" }).Locator(".count").WaitForAsync();
        await owner.GoAsync("/errors");
        var full = owner.Page.GetByRole(AriaRole.Link, new() { Name = "The disk is full" });
        await full.ClickAsync();
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Resolve…", Exact = true }).ClickAsync();
        await owner.Page.GetByLabel("Note", new() { Exact = true }).FillAsync("Made room");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Resolve", Exact = true }).ClickAsync();
        await Assertions.Expect(full).ToHaveCountAsync(0);

        await owner.GoAsync("/jobs?job=partitions");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Run now… partitions" }).ClickAsync();
        await owner.Page.GetByLabel("Why").FillAsync("to see that it works");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Run now", Exact = true }).ClickAsync();
        await owner.Page.Locator(".runs tbody tr", new() { HasText = "to see that it works" }).Locator(".state.ok").WaitForAsync();

        await owner.GoAsync("/settings");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Change Replies:Segments" }).ClickAsync();
        await owner.Page.GetByLabel("Replies:Segments", new() { Exact = true }).FillAsync("2");
        await owner.Page.GetByLabel("Why").FillAsync("shorter answers");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await owner.Page.Locator(".list tr.opens", new() { HasText = "Replies:Segments" }).Locator(".tag", new() { HasText = "Console" }).WaitForAsync();

        (await service.Database.ListAsync<string>("select action || ' by ' || role from audit where action in ('error.resolve', 'job.run', 'setting.change') order by id"))
            .ShouldBe(["error.resolve by Owner", "job.run by Owner", "setting.change by Owner"]);
        owner.Complaints.ShouldBeEmpty();
        owner.Failures.ShouldBeEmpty();
    }
}
