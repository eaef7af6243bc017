using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Conversations;

/// <summary>Registers the inbox and the threads behind it.</summary>
public static class ConversationsServices
{
    public static IServiceCollection AddConversations(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton<MessageBodies>();
        return services.AddSingleton<ILedgerReader, InboxReader>().AddSingleton<InboxList>().AddSingleton<ConversationReader>();
    }
}
