using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Tests.Platform.Database;

/// <summary>Each month's texts find a partition of their own, made in time by the program that may make nothing else.</summary>
public sealed class PartitionsTests
{
    static readonly DateTimeOffset NextYear = new DateTimeOffset(DateTime.UtcNow.Year + 1, 11, 20, 9, 0, 0, TimeSpan.Zero);

    static Task<IReadOnlyList<string>> MonthsAsync(TestDatabase database, string parent) => database.ListAsync<string>(
        "select inhrelid::regclass::text from pg_inherits where inhparent = $1::regclass and inhrelid::regclass::text not like '%default' order by 1", parent);

    static Task<int> TextAsync(TestDatabase database, DateTimeOffset at) => database.ExecuteAsync(
        "insert into messages (created_at, conversation_id, user_id, direction, kind, state) values ($1, 1, 1, 'in', 'text', 'received')", at);

    [Fact]
    public async Task Migrated_database_has_the_running_month_and_three_more()
    {
        await using var database = await TestDatabase.CreateAsync();
        var now = await database.ScalarAsync<DateTime>("select now() at time zone 'utc'");
        var expected = Enumerable.Range(0, 4).Select(month => now.AddDays(1 - now.Day).AddMonths(month)).Select(month => $"{month.Year:0000}_{month.Month:00}");
        (await MonthsAsync(database, "messages")).ShouldBe(expected.Select(month => "messages_" + month));
        (await MonthsAsync(database, "message_terms")).ShouldBe(expected.Select(month => "message_terms_" + month));
    }

    [Fact]
    public async Task Coming_months_are_made_once_by_the_web_role_over_the_turn_of_the_year()
    {
        await using var database = await TestDatabase.CreateAsync();
        var partitions = new Partitions(database.Databases, new FixedClock(NextYear));
        var (this_, next) = (NextYear.Year, NextYear.Year + 1);

        (await partitions.EnsureAsync(CancellationToken.None)).Where(name => name.StartsWith("messages", StringComparison.Ordinal))
            .ShouldBe([$"messages_{this_}_11", $"messages_{this_}_12", $"messages_{next}_01", $"messages_{next}_02"]);
        (await partitions.EnsureAsync(CancellationToken.None)).ShouldBeEmpty();

        await TextAsync(database, new(this_, 12, 31, 23, 59, 59, TimeSpan.Zero));
        await TextAsync(database, new(next, 1, 1, 0, 0, 0, TimeSpan.Zero));
        (await database.ListAsync<string>("select tableoid::regclass::text from messages order by created_at"))
            .ShouldBe([$"messages_{this_}_12", $"messages_{next}_01"]);
        (await database.ScalarAsync<long>($"select count(*) from pg_indexes where tablename = 'messages_{next}_01'")).ShouldBe(
            await database.ScalarAsync<long>("select count(*) from pg_indexes where tablename = 'messages'"));
    }

    [Fact]
    public async Task Replicas_that_start_together_make_each_partition_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Partitions(database.Databases, new FixedClock(NextYear)).EnsureAsync(CancellationToken.None)));
        runs.Sum(made => made.Count).ShouldBe(8);
    }

    [Fact]
    public async Task Rows_in_the_default_partition_are_reported_and_left_where_they_are()
    {
        await using var database = await TestDatabase.CreateAsync();
        await TextAsync(database, NextYear);
        var partitions = new Partitions(database.Databases, new FixedClock(NextYear));

        var made = await partitions.EnsureAsync(CancellationToken.None);

        made.ShouldNotContain($"messages_{NextYear.Year}_11");
        made.ShouldContain($"messages_{NextYear.Year}_12");
        partitions.StrayRows.ShouldBe(1);
        (await database.ListAsync<string>("select tableoid::regclass::text from messages")).ShouldBe(["messages_default"]);
    }

    [Theory]
    [InlineData("select ensure_month_partitions('1999-01-01', 1)")]
    [InlineData("select ensure_month_partitions(current_date, 25)")]
    [InlineData("select ensure_month_partitions(null, 1)")]
    [InlineData("create table sneaked_in (id int)")]
    [InlineData("drop table messages_default")]
    public async Task Web_role_can_make_nothing_else(string sql)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var command = database.Databases.Pages.CreateCommand(sql);
        await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
    }
}
