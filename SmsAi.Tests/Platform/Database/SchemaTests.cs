using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Tests.Platform.Database;

/// <summary>What the program does at start about the database it finds, or doesn't find.</summary>
public sealed class SchemaTests
{
    sealed class Lifetime : IHostApplicationLifetime
    {
        readonly TaskCompletionSource _stopped = new();

        public CancellationToken ApplicationStarted => default;
        public CancellationToken ApplicationStopping => default;
        public CancellationToken ApplicationStopped => default;
        public Task Stopped => _stopped.Task;

        public void StopApplication() => _stopped.TrySetResult();
    }

    static Schema Schema(string address, bool migrate, Lifetime? lifetime = null) =>
        new(new MigrationRunner(address, MigrationSet.Embedded(), production: true), migrate, lifetime ?? new Lifetime(), NullLogger<Schema>.Instance);

    [Fact]
    public async Task Right_schema_is_ready_at_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var schema = Schema(database.ConnectionString, migrate: false);
        await schema.StartAsync(CancellationToken.None);
        schema.IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Outdated_schema_is_refused_with_one_clear_sentence()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        using var schema = Schema(database.ConnectionString, migrate: false);
        (await Should.ThrowAsync<MigrationException>(() => schema.StartAsync(CancellationToken.None))).Message
            .ShouldBe("The database schema is outdated (0001_road is not applied): run migrate first, or set Database:MigrateOnStart.");
        schema.IsReady.ShouldBeFalse();
    }

    [Fact]
    public async Task Outdated_schema_is_migrated_where_that_is_allowed_by_two_replicas_too()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        using var one = Schema(database.MigrationsConnectionString, migrate: true);
        using var other = Schema(database.MigrationsConnectionString, migrate: true);
        await Task.WhenAll(one.StartAsync(CancellationToken.None), other.StartAsync(CancellationToken.None));
        await Task.WhenAll(one.WaitUntilReadyAsync(CancellationToken.None), other.WaitUntilReadyAsync(CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(30));
        (await database.ScalarAsync<long>("select count(*) from schema_migrations where success")).ShouldBe(MigrationSet.Embedded().All.Count);
    }

    [Fact]
    public async Task Database_that_is_away_is_waited_for()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var database = await TestDatabase.CreateAsync(postgres);
        await postgres.StopAsync();
        using var schema = Schema(database.ConnectionString, migrate: false);
        await schema.StartAsync(CancellationToken.None);
        schema.IsReady.ShouldBeFalse();

        await postgres.StartAsync();
        await schema.WaitUntilReadyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        await schema.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Outdated_schema_of_a_database_that_came_late_ends_the_program()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await postgres.StopAsync();
        var lifetime = new Lifetime();
        using var schema = Schema(database.ConnectionString, migrate: false, lifetime);
        await schema.StartAsync(CancellationToken.None);
        await postgres.StartAsync();
        await lifetime.Stopped.WaitAsync(TimeSpan.FromSeconds(20));
        Environment.ExitCode.ShouldBe(1);
        Environment.ExitCode = 0;
    }
}
