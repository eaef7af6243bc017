using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SmsAi.Core.Platform.Database;

/// <summary>Makes the coming months' partitions, and says when texts landed in the default one because a partition was missing.</summary>
public sealed partial class Partitions(Databases databases, TimeProvider clock, ILogger<Partitions>? log = null)
{
    /// <summary>The running month and the three after it.</summary>
    const int Months = 4;

    const string Ensure = "select ensure_month_partitions($1, $2)";

    const string Strays = """
        select (select count(*) from (select 1 from messages_default limit 10000) m), (select count(*) from (select 1 from message_terms_default limit 10000) t)
        """;

    readonly ILogger _log = log ?? NullLogger<Partitions>.Instance;

    /// <summary>Rows found in a default partition at the last look, counted up to 10,000.</summary>
    public long StrayRows { get; private set; }

    /// <returns>The names of the partitions made.</returns>
    public async Task<IReadOnlyList<string>> EnsureAsync(CancellationToken cancel)
    {
        var made = new List<string>();
        await using (var ensure = databases.Pages.CreateCommand(Ensure))
        {
            ensure.Parameters.Add(new() { Value = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) });
            ensure.Parameters.Add(new() { Value = Months });
            await using var names = await ensure.ExecuteReaderAsync(cancel);
            while (await names.ReadAsync(cancel)) made.Add(names.GetString(0));
        }
        if (made.Count > 0) LogMade(string.Join(", ", made));
        await CountStraysAsync(cancel);
        return made;
    }

    async Task CountStraysAsync(CancellationToken cancel)
    {
        await using var count = databases.Pages.CreateCommand(Strays);
        await using var row = await count.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        var (messages, terms) = (row.GetInt64(0), row.GetInt64(1));
        StrayRows = messages + terms;
        if (StrayRows > 0) LogStrays(messages, terms);
    }

    [LoggerMessage(9020, LogLevel.Information, "Partitions made: {Names}")]
    partial void LogMade(string names);

    [LoggerMessage(9021, LogLevel.Error, "The default partitions hold {Messages} messages and {Terms} search rows: their month had no partition when they came")]
    partial void LogStrays(long messages, long terms);
}
