using Microsoft.Playwright;
using SmsAi.Tests.Features.Access;

namespace SmsAi.Tests.Journeys;

/// <summary>Second factors as operators use them: set up, asked for at the door and before a resume, by code, recovery code and passkey.</summary>
[Collection(JourneyCollection.Name)]
public sealed class SecondFactorJourney : IAsyncLifetime
{
    private Service _service = null!;

    public async ValueTask InitializeAsync() => _service = await Service.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Code_recovery_code_and_passkey_open_the_door_and_the_resume()
    {
        await using var owner = await Visitor.SignedInAsync(_service.App, Service.OwnerEmail, Operators.Password);
        var page = owner.Page;
        var heard = await HearAsync(page);
        var (app, recovery) = await EnrolAsync(page);

        await SignOutAsync(page);
        await owner.SignInAsync(Service.OwnerEmail, Operators.Password);
        await page.Locator("#code").FillAsync(recovery);
        await page.Locator("#code").PressAsync("Enter");
        await owner.LiveAsync();

        await owner.GoAsync("/account");
        await page.Locator("#passkey-name").FillAsync("Work laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Cell, new() { Name = "Work laptop", Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Cell, new() { Name = "Never" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename Work laptop" }).ClickAsync();
        await page.GetByLabel("New name of Work laptop").FillAsync("Desk");
        await page.GetByLabel("New name of Work laptop").PressAsync("Enter");
        await page.GetByRole(AriaRole.Cell, new() { Name = "Desk", Exact = true }).WaitForAsync();

        await page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        await ResumeLaterAsync(page);
        await page.Locator("#step-up-code").FillAsync(app.CodeAt(DateTimeOffset.UtcNow));
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await page.Locator("header.rail").GetByText("Live", new() { Exact = true }).WaitForAsync();

        await SignOutAsync(page);
        await page.GotoAsync("/sign-in?back=%2Fcontrols");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/controls");
        await owner.LiveAsync();
        (await ReplayAsync(heard())).ShouldBe(400, "a challenge is answered once");
        await owner.GoAsync("/account");
        await page.GetByRole(AriaRole.Row, new() { Name = "Desk" }).GetByText("ago").WaitForAsync();

        await page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        await ResumeLaterAsync(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.Locator("header.rail").GetByText("Live", new() { Exact = true }).WaitForAsync();

        (await _service.Database.ListAsync<string>("select metadata ->> 'by' from audit where action = 'access.step_up' order by id")).ShouldBe(["code", "passkey"]);
        (await _service.Database.ListAsync<string>("select metadata ->> 'by' from audit where action = 'access.signed_in' order by id"))
            .ShouldBe(["password", "recovery code", "passkey"]);
        owner.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("delete from operators where email = 'jonas@example.org'")]
    [InlineData("update operators set is_disabled = true where email = 'jonas@example.org'")]
    public async Task Operator_who_was_removed_or_locked_loses_the_open_screen_within_half_a_minute_without_touching_it(string act)
    {
        await Operators.AddAsync(_service.Database, "jonas@example.org", "Operator");
        await using var jonas = await Visitor.SignedInAsync(_service.App, "jonas@example.org", Operators.Password);
        await jonas.GoAsync("/controls");

        await _service.Database.ExecuteAsync(act);

        await jonas.Page.WaitForURLAsync(address => new Uri(address).AbsolutePath == "/sign-in", new() { Timeout = 30_000 });
        await jonas.Page.GotoAsync("/controls");
        new Uri(jonas.Page.Url).AbsolutePath.ShouldBe("/sign-in");
    }

    /// <summary>Gives the browser an authenticator of its own, and listens for what is posted to sign in with it.</summary>
    private static async Task<Func<string>> HearAsync(IPage page)
    {
        var browser = await page.Context.NewCDPSessionAsync(page);
        await browser.SendAsync("WebAuthn.enable");
        await browser.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        var posted = "";
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).AbsolutePath == "/passkeys/sign-in") posted = request.PostData ?? "";
        };
        return () => posted;
    }

    private static async Task<(Authenticator App, string Recovery)> EnrolAsync(IPage page)
    {
        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up…" }).ClickAsync();
        await page.Locator("#enrol-password").FillAsync(Operators.Password);
        await page.Locator("#enrol-password").PressAsync("Enter");
        var app = new Authenticator((await page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal));
        await page.Locator("#enrol-code").FillAsync(app.CodeAt(DateTimeOffset.UtcNow));
        await page.Locator("#enrol-code").PressAsync("Enter");
        var recovery = await page.Locator("ol.codes code").First.InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept them" }).ClickAsync();
        return (app, recovery);
    }

    internal static async Task SignOutAsync(IPage page)
    {
        await page.Locator("nav.side").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in");
    }

    /// <summary>Resumes when the second factor is old; a code of this half minute may be used up, so the step counts as one of long ago.</summary>
    private async Task ResumeLaterAsync(IPage page)
    {
        await _service.Database.ExecuteAsync("update operator_sessions set second_factor_at = clock_timestamp() - interval '6 minutes'");
        await _service.Database.ExecuteAsync("update operator_totp set last_step = last_step - 10");
        await page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Resume…" }).ClickAsync();
        await page.Locator("#resume-reason").FillAsync("The cause is found");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume answers" }).ClickAsync();
        await page.Locator("#step-up-code").WaitForAsync();
        (await _service.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeTrue("nothing resumes before");
    }

    /// <summary>Posts what was overheard from a browser of its own.</summary>
    private async Task<int> ReplayAsync(string overheard)
    {
        overheard.ShouldContain("\"credential\"");
        await using var thief = await Visitor.ComeAsync(_service.App);
        await thief.Page.GotoAsync("/sign-in");
        return await thief.Page.EvaluateAsync<int>(
            """
            async body => (await fetch('passkeys/sign-in', {
              method: 'POST', body,
              headers: { 'Content-Type': 'application/json', RequestVerificationToken: document.querySelector('input[name="__RequestVerificationToken"]').value },
            })).status
            """, overheard);
    }
}
