using SmsAi.Core.Platform.Access;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Shell.Finding;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Brings in the pages about people.</summary>
public static class PeoplePages
{
    public static IServiceCollection AddPeoplePages(this IServiceCollection services) => services
        .AddTransient<UsersModel>()
        .AddTransient<UserModel>()
        .AddScoped<PeopleDesk>()
        .AddScoped<ChangeToasts>()
        .AddSingleton(Slot.Of<ChangeBack>(SlotPlace.AuditLine))
        .AddScoped<IPaletteSource, PeoplePalette>()
        .AddPalettePersonAct(ActOf("Change tier…", ChangeKind.Tier, IconName.Tiers))
        .AddPalettePersonAct(ActOf("Block or unblock…", ChangeKind.Block, IconName.Blocked))
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.People,
            Order = 1,
            Title = "Users",
            Path = "users",
            Icon = IconName.Users,
            Key = "u",
            IsInBar = true,
            Policy = Rights.CanRead,
        })
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.People,
            Order = 2,
            Title = "Tiers",
            Path = "tiers",
            Icon = IconName.Tiers,
            Policy = Rights.CanRead,
        });

    private static PalettePersonAct ActOf(string title, ChangeKind kind, IconName icon) => new()
    {
        Title = title,
        Icon = icon,
        Policy = Rights.CanOperate,
        Run = (screen, person) => ChangeAsync(screen, person, kind),
    };

    private static async Task ChangeAsync(IServiceProvider screen, long id, ChangeKind kind)
    {
        if (await screen.GetRequiredService<PersonReader>().ReadAsync(id, CancellationToken.None) is not { Line: var line } person) return;
        var tiers = await screen.GetRequiredService<PeopleList>().TiersAsync(CancellationToken.None);
        var wanted = kind == ChangeKind.Tier ? kind : person.IsBlocked ? ChangeKind.Unblock : ChangeKind.Block;
        var chosen = new PeopleChosen([new PersonVersion(line.Id, line.Version)], null, 1);
        var another = tiers.FirstOrDefault(tier => tier != line.Tier);
        if (await ChangeDialog.OpenAsync(screen.GetRequiredService<DialogService>(), wanted, chosen, tiers, another) is { } outcome)
            screen.GetRequiredService<ChangeToasts>().Show(outcome);
    }
}
