namespace SmsAi.Tests.Platform.Database;

/// <summary>Queries that must go by their index, asked of PostgreSQL's planner on a table of some size.</summary>
public sealed class PlansTests
{
    static async Task<TestDatabase> FilledAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            insert into users (id, phone_hash, alias) select n, sha256(n::text::bytea), 'person-' || n from generate_series(1, 200) n;
            insert into tasks (user_id, conversation_id, inbound_id, inbound_at, created_at, category, success)
            select 1 + n % 200, 1 + n % 200, n, at, at, (array['General', 'Coding', 'Debug', 'Design'])[1 + n % 4], n % 500 <> 0
            from generate_series(1, 40000) n, lateral (select now() - n * interval '10 minutes' as at) moment;
            analyze;
            """);
        return database;
    }

    static async Task<string> PlanAsync(TestDatabase database, string query) =>
        string.Join('\n', await database.ListAsync<string>("explain " + query));

    [Theory]
    [InlineData("select * from tasks where user_id = 7 and created_at > now() - interval '30 days' order by created_at desc", "tasks_user")]
    [InlineData("select count(*) from tasks where user_id = 7 and created_at > now() - interval '30 days'", "tasks_user")]
    [InlineData("select category, count(*), avg(processing_ms) from tasks where created_at > now() - interval '7 days' group by category", "tasks_created")]
    [InlineData("select * from tasks where success = false order by created_at desc limit 50", "tasks_not_successful")]
    [InlineData("select count(*) from tasks where category = 'Coding' and created_at > now() - interval '200 days'", "tasks_category")]
    public async Task Query_goes_by_its_index(string query, string index)
    {
        await using var database = await FilledAsync();
        var plan = await PlanAsync(database, query);
        plan.ShouldContain(index);
        plan.ShouldNotContain("Seq Scan");
    }
}
