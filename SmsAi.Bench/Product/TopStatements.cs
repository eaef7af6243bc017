
namespace SmsAi.Bench.Product;

/// <summary>One statement's share of the database's time.</summary>
/// <param name="Microseconds">Its time a text of the run.</param>
/// <param name="PlanMicroseconds">The planner's time a text, where it is tracked.</param>
public sealed record StatementFigures(string Statement, long Calls, double Microseconds, double PlanMicroseconds, double RowsPerCall);

/// <summary>The dearest statements, where the extension <c>pg_stat_statements</c> is loaded in a kept data folder; else nothing.</summary>
public static class TopStatements
{
    private const string Sql = """
        select left(regexp_replace(query, '\s+', ' ', 'g'), 110), calls, total_exec_time * 1000, total_plan_time * 1000, rows::float8 / greatest(calls, 1)
        from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
        order by total_exec_time + total_plan_time desc limit 25
        """;

    /// <summary>Counts from now on.</summary>
    public static async Task ResetAsync(ProductServers servers, CancellationToken cancel)
    {
        if (await IsLoadedAsync(servers, cancel))
            await servers.ScalarAsync<object>("select pg_stat_statements_reset()::text", cancel);
    }

    public static async Task<IReadOnlyList<StatementFigures>> ReadAsync(ProductServers servers, int texts, CancellationToken cancel)
    {
        if (!await IsLoadedAsync(servers, cancel))
            return [];
        await using var command = servers.Database.CreateCommand(Sql);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var statements = new List<StatementFigures>();
        while (await rows.ReadAsync(cancel))
            statements.Add(new(rows.GetString(0), rows.GetInt64(1), rows.GetDouble(2) / texts, rows.GetDouble(3) / texts, rows.GetDouble(4)));
        return statements;
    }

    private static Task<bool> IsLoadedAsync(ProductServers servers, CancellationToken cancel) =>
        servers.ScalarAsync<bool>("select exists (select from pg_extension where extname = 'pg_stat_statements')", cancel);
}
