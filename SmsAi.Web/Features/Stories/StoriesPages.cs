using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Shell.Finding;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stories;

/// <summary>Brings in the list of messages and the page of one; that one is reached from lists, so the side names the list alone.</summary>
public static class StoriesPages
{
    public static IServiceCollection AddMessagePages(this IServiceCollection services) => services
        .AddTransient<MessageModel>()
        .AddTransient<MessagesModel>()
        .AddScoped<IPaletteSource, MessagePalette>()
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.Live,
            Order = 15,
            Title = "Messages",
            Path = "messages",
            Icon = IconName.Messages,
            Key = "m",
            Policy = Rights.CanRead,
        });
}
