using Npgsql;

namespace SmsAi.Tests.Platform.Database;

/// <summary>What the web program's role may not do, whoever speaks through it. The audit trail has its own such test.</summary>
public sealed class WebRoleTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("create table mine (id int)")]
    [InlineData("create schema mine")]
    [InlineData("create extension dblink")]
    [InlineData("create function mine() returns int language sql as 'select 1'")]
    [InlineData("create role mine superuser")]
    [InlineData("alter role current_user superuser")]
    [InlineData("drop table users")]
    [InlineData("drop schema public cascade")]
    [InlineData("alter table users add column mine int")]
    [InlineData("alter table users disable trigger all")]
    [InlineData("alter table messages owner to current_user")]
    [InlineData("truncate users")]
    [InlineData("truncate messages")]
    [InlineData("truncate controls")]
    [InlineData("insert into schema_migrations select * from schema_migrations")]
    [InlineData("update schema_migrations set checksum = checksum")]
    [InlineData("delete from schema_migrations")]
    [InlineData("delete from api_keys")]
    [InlineData("truncate api_keys")]
    [InlineData("update token_keys set wrapped = wrapped")]
    [InlineData("delete from token_keys")]
    [InlineData("truncate token_keys")]
    [InlineData("copy users to program 'cat'")]
    [InlineData("copy users to '/tmp/users'")]
    [InlineData("select pg_read_file('/etc/passwd')")]
    [InlineData("select lo_import('/etc/passwd')")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("alter system set fsync = off")]
    public async Task Web_program_may_not(string sql)
    {
        await using var command = _database.Databases.Pages.CreateCommand(sql);

        var refusal = await Should.ThrowAsync<PostgresException>(command.ExecuteNonQueryAsync);

        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, refusal.MessageText);
    }
}
