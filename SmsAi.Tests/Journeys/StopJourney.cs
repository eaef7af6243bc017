using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>The levers, pulled in the browser while texts flow.</summary>
[Collection(JourneyCollection.Name)]
public sealed class StopJourney : IAsyncLifetime
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromMilliseconds(250);

    private Service service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await Service.StartAsync();
        await Operators.AddAsync(service.Database, "operator@example.org", "Operator");
        await Operators.AddAsync(service.Database, "viewer@example.org", "Viewer");
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task One_click_stops_everything_in_a_quarter_second_and_an_admins_resume_answers_what_was_held()
    {
        await service.AddReplicaAsync();
        await using var viewer = await Visitor.SignedInAsync(service.App, "viewer@example.org", Operators.Password);
        await using var jonas = await Visitor.SignedInAsync(service.App, "operator@example.org", Operators.Password);
        await using var owner = await Visitor.SignedInAsync(service.Replicas[1], Service.OwnerEmail, Operators.Password);
        await StrangersToTheLeverAsync(viewer);

        service.Model.Latency = () => TimeSpan.FromMilliseconds(120);
        service.Carrier.Script.LatencyAfter = () => TimeSpan.FromMilliseconds(10);
        var crowd = service.Driver.CrowdAsync(() => service.Replicas[Random.Shared.Next(2)], people: 40, each: 12);
        await Until.TrueAsync(() => service.Carrier.Ledger.Accepted.Count >= 60, "texts flow", 60);
        await jonas.Page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await jonas.Page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        await crowd;
        await Until.TrueAsync(async () => await service.Database.ScalarAsync<long>("select count(*) from queue where state <> 'held'") == 0, "all that is left is held");

        var flippedAt = new DateTimeOffset(await service.Database.ScalarAsync<DateTime>("select at from control_flips where name = 'kill' and stopped"));
        service.Carrier.Ledger.Requests.Where(request => request.Send is not null && request.ArrivedAt > flippedAt + StopsWithin)
            .Select(request => request.ArrivedAt - flippedAt).ShouldBeEmpty();
        service.Model.Questions.Where(question => question.ArrivedAt > flippedAt + StopsWithin).Select(question => question.ArrivedAt - flippedAt).ShouldBeEmpty();
        service.Driver.Acknowledged.ShouldBe(480, "texts are taken while stopped");

        await jonas.GoAsync("/");
        var receipt = jonas.Page.Locator("section.receipt");
        await receipt.GetByText("Stopped in").WaitForAsync();
        var words = await receipt.InnerTextAsync();
        words.ShouldContain("operator pressed Stop all", Case.Insensitive);
        words.ShouldContain("2 of 2");
        await owner.Page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        await ResumeIsNotForAsync(jonas);

        await ResumeAsync(owner, "The cause is found");
        await owner.Page.Locator("header.rail").GetByText("Live", new() { Exact = true }).WaitForAsync();
        await service.IdleAsync(60);
        (await service.CheckAsync()).ShouldBeClean();
        (await service.Database.ListAsync<string>("select action || ' by ' || actor from audit where resource = 'switch:kill' order by id"))
            .ShouldBe(["service.stop_all by Operator", $"service.resume by {Service.OwnerEmail.Split('@')[0]}"], Case.Insensitive);
        viewer.Complaints.Concat(jonas.Complaints).Concat(owner.Complaints).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pause_tells_each_person_once_and_its_end_answers_them()
    {
        await using var jonas = await Visitor.SignedInAsync(service.App, "operator@example.org", Operators.Password);
        await jonas.Page.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).First.ClickAsync();
        await jonas.Page.GetByLabel("Why").FillAsync("Carrier maintenance");
        await jonas.Page.Locator("#pause-answer").FillAsync("We answer later today.");
        await jonas.Page.GetByRole(AriaRole.Button, new() { Name = "Pause answers" }).ClickAsync();
        await jonas.Page.Locator("header.rail").GetByText("Paused").First.WaitForAsync();

        await service.Driver.CrowdAsync(() => service.App, people: 5, each: 3);
        await Until.TrueAsync(() => service.Carrier.Ledger.Accepted.Count == 5, "each person was told");
        await Until.TrueAsync(async () => await service.Database.ScalarAsync<long>("select count(*) from queue where state = 'held'") == 15, "all texts are held");
        service.Carrier.Ledger.Accepted.Select(text => text.Body).Distinct().ShouldBe(["We answer later today."]);
        service.Carrier.Ledger.Accepted.Select(text => text.To).Distinct().Count().ShouldBe(5);
        service.Model.Questions.ShouldBeEmpty();

        await using var owner = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password);
        await ResumeAsync(owner, "Done");
        await jonas.Page.Locator("header.rail").GetByText("Live", new() { Exact = true }).WaitForAsync();
        await Until.TrueAsync(() => service.Carrier.Ledger.Accepted.Count == 20, "everyone is answered");
        await service.IdleAsync();
        var report = await service.CheckAsync();
        (report.Lost, report.Duplicated, report.Reordered).ShouldBe(([], [], []));
        jonas.Complaints.Concat(owner.Complaints).ShouldBeEmpty();
    }

    /// <summary>A viewer sees the lever and can't move it, by hand neither.</summary>
    private async Task StrangersToTheLeverAsync(Visitor viewer)
    {
        (await viewer.Page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop all" }).GetAttributeAsync("aria-disabled")).ShouldBe("true");
        var status = await viewer.Page.EvaluateAsync<int>(
            "async () => (await fetch('stop-all', { method: 'POST', body: new FormData(document.getElementById('stop-all')), headers: { Accept: 'application/json' } })).status");
        status.ShouldBe(403);
        (await service.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeFalse();
    }

    private static async Task ResumeIsNotForAsync(Visitor visitor) =>
        (await visitor.Page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Resume…" }).GetAttributeAsync("aria-disabled")).ShouldBe("true");

    private static async Task ResumeAsync(Visitor visitor, string reason)
    {
        await visitor.Page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Resume…" }).ClickAsync();
        var save = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Resume answers" });
        await save.ClickAsync();
        await visitor.SeesAsync("Say why, in a few words.");
        await visitor.Page.Locator("#resume-reason").FillAsync(reason);
        await save.ClickAsync();
    }
}
