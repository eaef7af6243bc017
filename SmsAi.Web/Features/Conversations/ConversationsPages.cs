using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Conversations;

/// <summary>Brings in the inbox with its threads: one page, three panes, three screens on a phone.</summary>
public static class ConversationsPages
{
    public static IServiceCollection AddConversationPages(this IServiceCollection services) => services
        .AddTransient<InboxModel>()
        .AddTransient<ThreadModel>()
        .AddScoped<ConversationDesk>()
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.Live,
            Order = 12,
            Title = "Conversations",
            ShortTitle = "Inbox",
            Path = "conversations",
            Icon = IconName.Conversations,
            Key = "c",
            IsInBar = true,
            Policy = Rights.CanRead,
        });
}
