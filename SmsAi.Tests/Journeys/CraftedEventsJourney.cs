using Microsoft.Playwright;

namespace SmsAi.Tests.Journeys;

/// <summary>Whoever enables with the browser's own tools what the page has switched off gets no further: the right is asked for where the act is.</summary>
[Collection(JourneyCollection.Name)]
public sealed class CraftedEventsJourney(RunningService running) : IClassFixture<RunningService>, IAsyncLifetime
{
    private Service Service => running.Service;

    public async ValueTask InitializeAsync()
    {
        if (await Service.Database.ScalarAsync<long>("select count(*) from operators where email = 'viewer@example.org'") > 0)
            return;
        await Operators.AddAsync(Service.Database, "viewer@example.org", "Viewer");
        await Operators.AddAsync(Service.Database, "operator@example.org", "Operator");
        await Service.Driver.TextAsync(() => Service.App, "+12025550151", "Hello?");
        await Service.IdleAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_operator_who_enables_the_resume_still_resumes_nothing()
    {
        await using var jonas = await Visitor.SignedInAsync(Service.App, "operator@example.org", Operators.Password);
        var page = jonas.Page;
        await page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        await jonas.GoAsync("/controls");
        var levers = page.GetByRole(AriaRole.Button, new() { Name = "Resume…" });
        await levers.Nth(1).WaitForAsync();
        foreach (var lever in await levers.AllAsync())
            (await lever.GetAttributeAsync("title")).ShouldBe("Only an admin may resume");
        await PressAllAsync(levers);

        await ComesToAsync(page, "Messages");
        (await page.Locator(".rz-dialog").CountAsync()).ShouldBe(0, "no dialog opened");
        (await Service.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeTrue();
        (await Service.Database.ScalarAsync<long>("select count(*) from audit where action = 'service.resume'")).ShouldBe(0);
        jonas.Complaints.ShouldBeEmpty();
        await Service.Database.ExecuteAsync("update controls set stopped = false where name = 'kill'");
    }

    [Fact]
    public async Task A_viewer_who_enables_the_acts_on_a_person_is_refused_and_changes_nothing()
    {
        var id = await Service.Database.ScalarAsync<long>("select min(id) from users");
        await using var viewer = await Visitor.SignedInAsync(Service.App, "viewer@example.org", Operators.Password);
        var page = viewer.Page;
        await viewer.GoAsync($"/users/{id}");
        await PressAllAsync(page.GetByRole(AriaRole.Button, new() { Name = "Block…" }));
        await page.Locator("#change-reason").FillAsync("Because I can");
        await page.GetByRole(AriaRole.Button, new() { Name = "Block 1 person" }).ClickAsync();
        await viewer.SeesAsync("Nothing is changed: your role may not do this.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await PressAllAsync(page.GetByRole(AriaRole.Button, new() { Name = "Reveal…" }));
        await page.Locator("#reveal-reason").FillAsync("Because I can");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal the number" }).ClickAsync();
        await viewer.SeesAsync("Not revealed: only an admin may see numbers.");

        (await page.ContentAsync()).ShouldNotContain("2025550151");
        (await Service.Database.ScalarAsync<long>("select count(*) from users where is_blocked")).ShouldBe(0);
        (await Service.Database.ScalarAsync<long>("select count(*) from audit where action in ('user.reveal', 'user.block') or action like 'people.%'")).ShouldBe(0);
        viewer.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_viewer_who_enables_the_levers_moves_none()
    {
        const string Moved = """
            select concat_ws(' ', (select count(*) from control_flips), (select count(*) from holds), (select count(*) from blocked_senders), (select count(*) from pause_schedules),
              (select string_agg(name || stopped, ',' order by name) from controls))
            """;
        var before = await Service.Database.ScalarAsync<string>(Moved);
        await using var viewer = await Visitor.SignedInAsync(Service.App, "viewer@example.org", Operators.Password);
        var page = viewer.Page;
        await viewer.GoAsync("/controls");
        await page.Locator(".switches").WaitForAsync();
        await PressAllAsync(page.Locator("button[aria-disabled=true]"));
        await page.EvaluateAsync("() => { const lever = [...document.querySelectorAll('header.rail button')].find(one => one.innerText.includes('Stop')); lever.type = 'submit'; lever.setAttribute('form', 'stop-all'); }");
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync(), answer => answer.Url.EndsWith("/stop-all", StringComparison.Ordinal));
        answer.Status.ShouldBe(403);

        await viewer.GoAsync("/controls");
        await ComesToAsync(page, "Messages");
        (await page.Locator(".rz-dialog").CountAsync()).ShouldBe(0, "no dialog opened");
        (await Service.Database.ScalarAsync<string>(Moved)).ShouldBe(before);
        viewer.Complaints.ShouldBeEmpty();
    }

    /// <summary>Takes away what switches them off, and presses them.</summary>
    private static async Task PressAllAsync(ILocator buttons)
    {
        await buttons.First.WaitForAsync();
        (await buttons.EvaluateAllAsync<int>(
            "buttons => { for (const one of buttons) { one.disabled = false; one.removeAttribute('disabled'); one.removeAttribute('aria-disabled'); one.click(); } return buttons.length; }")).ShouldBeGreaterThan(0);
    }

    /// <summary>The circuit takes events in order: what was pressed before has done what it does.</summary>
    private static async Task ComesToAsync(IPage page, string title)
    {
        await page.Locator("nav.side").GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await page.Locator("h1", new() { HasText = title }).WaitForAsync();
    }
}
