using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Phone;

/// <summary>Brings in the Phone page.</summary>
public static class PhonePages
{
    public static IServiceCollection AddPhonePage(this IServiceCollection services) => services
        .AddTransient<PhoneModel>()
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.Live,
            Order = 40,
            Title = "Phone",
            Path = "phone",
            Icon = IconName.Phone,
            Key = "p",
            Policy = Rights.CanRead,
        });
}
