using System.Globalization;
using Microsoft.Playwright;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>The levers, pulled in the browser while texts flow.</summary>
[Collection(TimedJourneyCollection.Name)]
public sealed class StopJourney : IAsyncLifetime
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromMilliseconds(250);

    private Service _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await Service.StartAsync();
        await Operators.AddAsync(_service.Database, "operator@example.org", "Operator");
        await Operators.AddAsync(_service.Database, "viewer@example.org", "Viewer");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task One_click_stops_everything_in_a_quarter_second_and_an_admins_resume_answers_what_was_held()
    {
        await _service.AddReplicaAsync();
        await StrangersToTheLeverAsync();
        await using var jonas = await Visitor.SignedInAsync(_service.App, "operator@example.org", Operators.Password);

        _service.Model.Latency = () => TimeSpan.FromMilliseconds(250);
        _service.Carrier.Script.LatencyAfter = () => TimeSpan.FromMilliseconds(10);
        using var enough = new CancellationTokenSource();
        var crowd = TextUntilAsync(enough.Token);
        await Until.TrueAsync(() => _service.Carrier.Ledger.Accepted.Count >= 36, "texts flow", 60);
        await jonas.Page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await jonas.Page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        await enough.CancelAsync();
        var texts = await crowd;
        await Until.TrueAsync(
            async () => await _service.Database.ScalarAsync<long>("select count(*) from conversations where lease_until is not null") == 0, "all that was under way has ended");

        var flippedAt = new DateTimeOffset(await _service.Database.ScalarAsync<DateTime>("select at from control_flips where name = 'kill' and stopped"));
        _service.Carrier.Ledger.Requests.Where(request => request.Send is not null && request.ArrivedAt > flippedAt + StopsWithin)
            .Select(request => request.ArrivedAt - flippedAt).ShouldBeEmpty();
        _service.Model.Questions.Where(question => question.ArrivedAt > flippedAt + StopsWithin).Select(question => question.ArrivedAt - flippedAt).ShouldBeEmpty();
        _service.Driver.Acknowledged.ShouldBe(texts, "texts are taken while stopped");
        var left = _service.Carrier.Ledger.SendRequests;
        var held = await _service.Database.ScalarAsync<long>("select count(*) from queue");
        held.ShouldBeGreaterThanOrEqualTo(12, "everybody who texted meanwhile waits");

        await jonas.GoAsync("/");
        var receipt = jonas.Page.Locator("section.receipt");
        await receipt.GetByText("Stopped in").WaitForAsync();
        var words = await receipt.InnerTextAsync();
        words.ShouldContain("operator pressed Stop all", Case.Insensitive);
        words.ShouldContain("2 of 2");
        (await receipt.Locator("div:has(> dt:text-is('Texts held')) dd").InnerTextAsync()).ShouldBe(held.ToString(CultureInfo.InvariantCulture));
        await ResumeIsNotForAsync(jonas);

        await using var owner = await Visitor.SignedInAsync(_service.Replicas[1], Service.OwnerEmail, Operators.Password);
        await owner.Page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        _service.Carrier.Ledger.SendRequests.ShouldBe(left, "nothing leaves while stopped");
        await ResumeAsync(owner, "The cause is found");
        await owner.Page.Locator("header.rail").GetByText("Live", new() { Exact = true }).WaitForAsync();
        await _service.IdleAsync(60);
        (await _service.CheckAsync()).ShouldBeClean();
        (await _service.Database.ListAsync<string>("select action || ' by ' || actor from audit where resource = 'switch:kill' order by id"))
            .ShouldBe(["service.stop_all by Operator", $"service.resume by {Service.OwnerEmail.Split('@')[0]}"], Case.Insensitive);
        jonas.Complaints.Concat(owner.Complaints).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pause_tells_each_person_once_and_its_end_answers_them()
    {
        await using var jonas = await Visitor.SignedInAsync(_service.App, "operator@example.org", Operators.Password);
        await jonas.Page.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).First.ClickAsync();
        await jonas.Page.GetByLabel("Why").FillAsync("Carrier maintenance");
        await jonas.Page.Locator("#pause-answer").FillAsync("We answer later today.");
        await jonas.Page.GetByRole(AriaRole.Button, new() { Name = "Pause answers" }).ClickAsync();
        await jonas.Page.Locator("header.rail").GetByText("Paused").First.WaitForAsync();

        await _service.Driver.CrowdAsync(() => _service.App, people: 5, each: 3);
        await Until.TrueAsync(() => _service.Carrier.Ledger.Accepted.Count == 5, "each person was told");
        (await _service.Database.ScalarAsync<long>("select count(*) from queue where inbound_id is not null")).ShouldBe(15, "all texts wait");
        await jonas.SeesAsync("15 texts are kept and held");
        _service.Carrier.Ledger.Accepted.Select(text => text.Body).Distinct().ShouldBe(["We answer later today."]);
        _service.Carrier.Ledger.Accepted.Select(text => text.To).Distinct().Count().ShouldBe(5);
        _service.Model.Questions.ShouldBeEmpty();

        await using var owner = await Visitor.SignedInAsync(_service.App, Service.OwnerEmail, Operators.Password);
        await ResumeAsync(owner, "Done");
        await jonas.Page.Locator("header.rail").GetByText("Live", new() { Exact = true }).WaitForAsync();
        await Until.TrueAsync(() => _service.Carrier.Ledger.Accepted.Count == 20, "everyone is answered");
        await _service.IdleAsync();
        var report = await _service.CheckAsync();
        report.Lost.Concat(report.Duplicated).Concat(report.Reordered).ShouldBeEmpty();
        jonas.Complaints.Concat(owner.Complaints).ShouldBeEmpty();
    }

    /// <summary>Twelve people text, each as soon as answers to the texts before come, and once more when the rail says that all is stopped.</summary>
    private async Task<int> TextUntilAsync(CancellationToken enough)
    {
        const int people = 12;
        for (var round = 0; ; round++)
        {
            var isLast = enough.IsCancellationRequested;
            await Task.WhenAll(Enumerable.Range(0, people).Select(person => _service.Driver.TextAsync(
                () => _service.Replicas[person % 2], RoadDriver.NumberOf(person), RoadDriver.BodyOf(person, round), TimeSpan.FromSeconds(30))));
            if (isLast)
                return people * (round + 1);
            await Until.TrueAsync(() => enough.IsCancellationRequested || _service.Carrier.Ledger.Accepted.Count >= people * round, "answers come", 60);
        }
    }

    /// <summary>A viewer sees the lever and can't move it, by hand neither.</summary>
    private async Task StrangersToTheLeverAsync()
    {
        await using var viewer = await Visitor.SignedInAsync(_service.App, "viewer@example.org", Operators.Password);
        (await viewer.Page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop all" }).GetAttributeAsync("aria-disabled")).ShouldBe("true");
        var status = await viewer.Page.EvaluateAsync<int>(
            "async () => (await fetch('stop-all', { method: 'POST', body: new FormData(document.getElementById('stop-all')), headers: { Accept: 'application/json' } })).status");
        status.ShouldBe(403);
        (await _service.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeFalse();
        viewer.Complaints.ShouldBeEmpty();
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
