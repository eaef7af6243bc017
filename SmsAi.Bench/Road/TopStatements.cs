using SmsAi.Bench.Product;

namespace SmsAi.Bench.Road;

/// <summary>One statement's share of the database's time.</summary>
/// <param name="MicrosecondsPerText">Its time, spread over all texts of the run.</param>
public sealed record StatementFigures(string Statement, long Calls, double MicrosecondsPerText, double RowsPerCall);

/// <summary>The dearest statements, where the extension <c>pg_stat_statements</c> is loaded in a kept data folder; else nothing.</summary>
public static class TopStatements
{
    private const string Sql = """
        select left(regexp_replace(query, '\s+', ' ', 'g'), 110), calls, total_exec_time * 1000, rows::float8 / greatest(calls, 1)
        from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
        order by total_exec_time desc limit 25
        """;

    public static async Task<IReadOnlyList<StatementFigures>> ReadAsync(ProductServers servers, int texts, CancellationToken cancel)
    {
        if (!await servers.ScalarAsync<bool>("select exists (select from pg_extension where extname = 'pg_stat_statements')", cancel))
            return [];
        await using var command = servers.Database.CreateCommand(Sql);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var statements = new List<StatementFigures>();
        while (await rows.ReadAsync(cancel))
            statements.Add(new(rows.GetString(0), rows.GetInt64(1), rows.GetDouble(2) / texts, rows.GetDouble(3)));
        return statements;
    }
}
