using Microsoft.Playwright;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Tests.Journeys;

/// <summary>Whose rights were changed or taken loses every open screen, and acts no more meanwhile.</summary>
[Collection(TimedJourneyCollection.Name)]
public sealed class EndedSessionsJourney : IAsyncLifetime
{
    private const string Jonas = "jonas@example.org";

    // What the service promises: after this nothing of an ended session is done any more.
    private static readonly TimeSpan Ends = TimeSpan.FromSeconds(2);

    private Service _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await Service.StartAsync();
        await Operators.AddAsync(_service.Database, Jonas, "Operator");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("another role")]
    [InlineData("second factor reset")]
    [InlineData("all sessions ended")]
    public async Task Two_browsers_of_one_operator_lose_their_screens_and_an_open_dialog_acts_no_more(string what)
    {
        await using var desk = await Visitor.SignedInAsync(_service.App, Jonas, Operators.Password);
        await using var phone = await Visitor.SignedInAsync(_service.App, Jonas, Operators.Password, width: 390);
        await desk.GoAsync("/controls");
        await desk.Page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Pause…" }).ClickAsync();
        await desk.Page.Locator("#pause-reason").FillAsync("Still here");
        await phone.GoAsync("/controls");
        var flips = await _service.Database.ScalarAsync<long>("select count(*) from control_flips");

        (await ActAsync(what)).ShouldBe(AccountOutcome.Done);

        await Task.Delay(Ends, TestContext.Current.CancellationToken);
        // The screen may be gone already.
        await desk.Page.EvaluateAsync("() => document.querySelector('.rz-dialog .dialog-foot .primary')?.click()");
        foreach (var screen in (Visitor[])[desk, phone])
            await screen.Page.WaitForURLAsync(address => new Uri(address).AbsolutePath == "/sign-in", new() { Timeout = 30_000 });
        (await _service.Database.ScalarAsync<long>("select count(*) from control_flips")).ShouldBe(flips);
        (await _service.Database.ScalarAsync<bool>("select bool_or(stopped) from controls")).ShouldBeFalse();
        (await _service.Database.ScalarAsync<long>("select count(*) from audit where actor_id = (select id from operators where email = $1) and action not like 'access.%'", Jonas)).ShouldBe(0);
        desk.Complaints.Concat(phone.Complaints).ShouldBeEmpty();
    }

    private async Task<AccountOutcome> ActAsync(string what)
    {
        var jonas = await _service.Database.ScalarAsync<long>("select id from operators where email = $1", Jonas);
        var databases = _service.Database.Databases;
        var accounts = new Accounts(databases, new OperatorSessions(databases, TimeProvider.System), TimeProvider.System);
        if (what == "second factor reset")
            await _service.Database.ExecuteAsync("update operators set two_factor_enabled = true where id = $1", jonas);
        return what switch
        {
            "another role" => await accounts.ChangeRoleAsync(jonas, new(OperatorRoles.Viewer), Actor.CommandLine, CancellationToken.None),
            "second factor reset" => await accounts.ResetFactorAsync(jonas, Actor.CommandLine, CancellationToken.None),
            _ => await accounts.EndSessionsAsync(jonas, null, Actor.CommandLine, CancellationToken.None),
        };
    }
}
