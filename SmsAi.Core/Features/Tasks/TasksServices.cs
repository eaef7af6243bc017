using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Tasks;

/// <summary>Registers the record of inbound turns.</summary>
public static class TasksServices
{
    public static IServiceCollection AddTasks(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSingleton<ILedgerReader, TasksReader>();
    }
}
