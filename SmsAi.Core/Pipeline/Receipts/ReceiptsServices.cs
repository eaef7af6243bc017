using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;
using SmsAi.Core.Platform.Configuration;

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
        services.AddQuartz(quartz => quartz.ScheduleJob<ReceiptPollJob>(trigger => trigger
            .WithIdentity("receipt-poll")
            .WithSimpleSchedule(schedule => schedule
                .WithInterval(every < TimeSpan.FromMinutes(1) ? every : TimeSpan.FromMinutes(1))
                .RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount))));
        return services;
    }
}
