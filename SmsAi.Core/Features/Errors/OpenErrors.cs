using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Errors;

/// <summary>How many errors are open, counted once every five seconds for all screens of this replica.</summary>
public sealed class OpenErrors(Databases databases, TimeProvider clock, ILogger<OpenErrors> log) : BackgroundService
{
    /// <summary>More than so many are not counted.</summary>
    public const int MostCounted = 1_000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The count is another one. Raised on the counting task.</summary>
    public event Action? Changed;

    public async Task CountAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ErrorSql.CountOpen);
        command.Parameters.Add(new() { Value = MostCounted + 1 });
        var now = (int)(await command.ExecuteScalarAsync(cancel))!;
        if (Interlocked.Exchange(ref _count, now) != now)
            Changed?.Invoke();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CountAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
            {
                // The old count stays; the pages say that the database is away.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
