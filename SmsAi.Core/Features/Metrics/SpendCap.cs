using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Brings a changed cap into today's row: a day that was spent out has no event to do it, since nothing leaves any more.</summary>
internal sealed partial class SpendCap(Databases databases, IOptions<SpendOptions> options, TimeProvider clock, ILogger<SpendCap> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private const string Sql = "update spend_days set cap_micros = $1 where day = $2 and cap_micros is distinct from $1";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WriteAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogNotWritten(logger, fault.GetType().Name);
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal async Task WriteAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = (object?)options.Value.CapMicros ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) });
        await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(2102, LogLevel.Warning, "The day's cap could not be written ({Fault}); it is tried again")]
    private static partial void LogNotWritten(ILogger logger, string fault);
}
