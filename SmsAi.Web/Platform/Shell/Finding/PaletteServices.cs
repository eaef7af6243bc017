namespace SmsAi.Web.Platform.Shell.Finding;

/// <summary>Brings in the palette; features add what can be found and done.</summary>
public static class PaletteServices
{
    /// <summary>Adds something that can be done from any page.</summary>
    public static IServiceCollection AddPaletteAct(this IServiceCollection services, PaletteAct act) => services.AddSingleton(act);

    /// <summary>Adds something that can be done to the person the palette found.</summary>
    public static IServiceCollection AddPalettePersonAct(this IServiceCollection services, PalettePersonAct act) => services.AddSingleton(act);

    internal static IServiceCollection AddPalette(this IServiceCollection services) => services
        .AddScoped<PaletteSearch>()
        .AddPaletteAct(new()
        {
            Title = "Change theme",
            Detail = "system, light, dark",
            Also = "dark light toggle",
            Icon = Ui.IconName.Moon,
            Group = NavigationGroup.System,
            Press = "[data-theme-switch]",
        })
        .AddPaletteAct(new()
        {
            Title = "Keys",
            Detail = "all of them, and their switch",
            Also = "help shortcuts keyboard",
            Icon = Ui.IconName.Question,
            Group = NavigationGroup.System,
            Keys = ["?"],
            Press = "[data-keys-help]",
        })
        .AddPaletteAct(new()
        {
            Title = "Sign out",
            Detail = "of this browser",
            Also = "log out leave",
            Icon = Ui.IconName.SignOut,
            Group = NavigationGroup.System,
            Press = "button[form='sign-out']",
        });
}
