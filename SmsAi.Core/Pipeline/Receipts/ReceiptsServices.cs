using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>Registers the writer of delivery reports and the poll for missing ones.</summary>
public static class ReceiptsServices
{
    public static IServiceCollection AddReceipts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<ReceiptPollOptions>(configuration.GetSection(ReceiptPollOptions.Section), options => options.Faults());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ReceiptWriter>();
        services.AddSingleton<ReceiptPoll>();
        var every = configuration.GetSection(ReceiptPollOptions.Section).Get<ReceiptPollOptions>()?.PollAfter ?? TimeSpan.MaxValue;
        services.AddClusteredJob<ReceiptPollJob>("receipt-poll", every < TimeSpan.FromMinutes(1) ? "0/5 * * * * ?" : "15 * * * * ?");
        return services;
    }
}
