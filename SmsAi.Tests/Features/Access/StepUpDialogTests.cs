using System.Security.Claims;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Journeys;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Features.Access;

/// <summary>Revealing a number asks for the second factor, and goes on by itself when it was right.</summary>
public sealed class StepUpDialogTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private AccessHost _host = null!;
    private Actor _mara = null!;
    private Authenticator _app = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _mara = await _host.SignedInAsync("mara@example.org", OperatorRoles.Admin);
        var factors = _host.Get<SecondFactors>();
        _app = new Authenticator(((Proposal.Secret)await factors.ProposeAsync(Operators.Password, "mara", _mara, default)).Text);
        await factors.TurnOnAsync(_app.CodeAt(_host.Time.GetUtcNow()), _mara, default);
        await _host.Database.ExecuteAsync("update operator_sessions set second_factor_at = null");
        _host.Time.Pass(TimeSpan.FromSeconds(30));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _host.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Wrong_code_is_explained_and_the_right_one_lets_the_act_go_on()
    {
        var (screen, asked) = Ask();
        screen.WaitForAssertion(() => screen.Find("#step-up-code"), Patience);
        screen.Find("#step-up-code").Change("000000");
        await screen.Find(".dialog-body").SubmitAsync();
        screen.WaitForAssertion(() => screen.Find(".fault").TextContent.ShouldBe("This code doesn't fit, or was used before. 4 tries left."), Patience);
        asked.IsCompleted.ShouldBeFalse();

        screen.Find("#step-up-code").Change(_app.CodeAt(_host.Time.GetUtcNow()));
        await screen.Find(".dialog-body").SubmitAsync();

        (await asked.WaitAsync(Patience)).ShouldBeTrue();
        (await _host.Database.ScalarAsync<string>("select string_agg(action, ' ' order by id) from audit where action not like 'access.factor%'"))
            .ShouldBe("access.code_refused access.step_up user.reveal");
    }

    [Fact]
    public async Task Giving_up_does_nothing()
    {
        var (screen, asked) = Ask();
        screen.WaitForAssertion(() => screen.Find("#step-up-code"), Patience);

        await screen.Find(".dialog-foot button[type=button]").ClickAsync(new());

        (await asked.WaitAsync(Patience)).ShouldBeFalse();
        (await _host.Database.ScalarAsync<long>("select count(*) from audit where action = 'user.reveal'")).ShouldBe(0);
    }

    /// <summary>Reveals a number as a page does it.</summary>
    private (IRenderedComponent<RadzenDialog> Screen, Task<bool> Asked) Ask()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddScoped<DialogService>().AddScoped<ClientAddress>().AddSingleton(_host.Get<SecondFactors>()).AddSingleton(_host.Get<Passkeys>()).AddScoped<StepUpDesk>().AddScoped<PasskeyBrowser>();
        var authorization = this.AddAuthorization().SetAuthorized("mara").SetRoles(OperatorRoles.Admin);
        authorization.SetClaims(new(ClaimTypes.NameIdentifier, $"{_mara.Id}"), new(SessionClaimTypes.Session, _mara.Session!));
        var screen = Render<RadzenDialog>();
        var dialogs = Services.GetRequiredService<DialogService>();
        var asked = screen.InvokeAsync(() => StepUpDialog.GuardAsync(dialogs, async () =>
        {
            await using var connection = await _host.Database.Databases.Pages.OpenConnectionAsync();
            await FreshFactor.DemandAsync(connection, _mara.Session, default);
            await AuditTrail.AppendAsync(connection, new(_mara, "user.reveal", "user:1"), default);
        }));
        return (screen, asked);
    }
}
