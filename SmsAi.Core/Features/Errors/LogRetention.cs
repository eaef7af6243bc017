using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Errors;

/// <summary>Removes errors and lines of the webhook log after their 90 days, a few thousand at a time.</summary>
public sealed partial class LogRetention(Databases databases, TimeProvider clock, ILogger<LogRetention> logger)
{
    /// <summary>The data classes of both tables say the same.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const int AtOnce = 5_000;

    /// <summary>How many rows went.</summary>
    public async Task<long> RemoveAsync(CancellationToken cancel)
    {
        var before = clock.GetUtcNow().UtcDateTime - Kept;
        var (errors, webhooks) = (await RemoveAsync(ErrorSql.DropErrors, before, cancel), await RemoveAsync(ErrorSql.DropWebhooks, before, cancel));
        if (errors + webhooks > 0) LogRemoved(errors, webhooks);
        return errors + webhooks;
    }

    private async Task<long> RemoveAsync(string sql, DateTime before, CancellationToken cancel)
    {
        var (all, now) = (0L, 0);
        do
        {
            await using var command = databases.Pages.CreateCommand(sql);
            command.Parameters.Add(new() { Value = before });
            command.Parameters.Add(new() { Value = AtOnce });
            all += now = await command.ExecuteNonQueryAsync(cancel);
        }
        while (now == AtOnce);
        return all;
    }

    [LoggerMessage(2201, LogLevel.Information, "{Errors} errors and {Webhooks} lines of the webhook log were older than 90 days and are removed")]
    private partial void LogRemoved(long errors, long webhooks);
}
