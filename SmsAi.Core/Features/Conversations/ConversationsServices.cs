using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Core.Features.Conversations;

/// <summary>Registers the inbox, the threads behind it, and what people do there in place of the AI.</summary>
public static class ConversationsServices
{
    public static IServiceCollection AddConversations(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton<MessageBodies>();
        services.AddCheckedOptions<ConversationsOptions>(configuration.GetSection(ConversationsOptions.Section), options => options.Faults());
        services.AddSingleton<ISendGate, TakenGate>().AddSingleton<ISendGate, TakenNoticeGate>();
        services.AddSingleton<TakeOvers>().AddSingleton<HandTexts>().AddSingleton<ReplyDrafts>().AddSingleton<Shortener>().AddSingleton<SavedViews>().AddHostedService<TakeOverWatch>();
        return services.AddSingleton<ILedgerReader, InboxReader>().AddSingleton<InboxList>().AddSingleton<ConversationReader>();
    }
}
