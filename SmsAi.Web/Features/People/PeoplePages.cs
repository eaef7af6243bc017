using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
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
}
