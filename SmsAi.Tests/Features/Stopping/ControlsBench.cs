using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Features.Stopping;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>The controls' pages and dialogs on a real database, for an operator of a role.</summary>
public abstract class ControlsBench : BunitContext, IAsyncLifetime
{
    protected static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private LiveFeed _live = null!;

    protected static PhoneHasher TestHasher { get; } = new(new byte[32]);

    protected TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(Database.Databases);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        _live.Dispose();
        await Database.DisposeAsync();
        await DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected void SignIn(string role = OperatorRoles.Operator)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var databases = Database.Databases;
        Services.AddSingleton(TimeProvider.System).AddSingleton(databases).AddSingleton(_live).AddSingleton<RailSource>();
        Services.AddSingleton<StopSwitches>().AddSingleton<RecentFlips>().AddSingleton<StopChecks>().AddSingleton<PauseSchedules>().AddSingleton<AuditReader>();
        Services.AddSingleton(TestHasher).AddSingleton<Holds>().AddSingleton<BlockedNumbers>().AddTransient<ControlsModel>();
        Services.AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<ClientAddress>().AddActing(Database).AddScoped<SwitchDesk>().AddScoped<DialogService>();
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
    }

    /// <summary>A schedule of every Sunday night, as it is read.</summary>
    protected async Task<PauseSchedule> ScheduleAsync()
    {
        var plan = new PausePlan(new PauseWindow("Europe/Berlin", null, PauseDays.Sunday, new(2, 0), new(4, 0)), "Carrier maintenance", "Back at 4:00");
        await Services.GetRequiredService<PauseSchedules>().AddAsync(plan, new("Ada", 2, OperatorRoles.Admin), CancellationToken.None);
        return (await Services.GetRequiredService<PauseSchedules>().ReadAsync(CancellationToken.None)).Single();
    }
}
