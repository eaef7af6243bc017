using SmsAi.Core.Platform.Database;

namespace SmsAi.Tests.Platform.Database;

/// <summary>Migrations on a real database: applied once, recorded, refused with a reason, taken back.</summary>
public sealed class MigrationRunnerTests
{
    static Migration First(string sql = "create table shelves (id bigint primary key);") =>
        Migration.Parse("0001", "shelves", "-- category: CORE\n" + sql, "drop table shelves;");

    static Migration Second(string sql = "create table books (id bigint primary key, shelf bigint references shelves);") =>
        Migration.Parse("0002", "books", "-- category: CORE\n-- depends: 0001\n" + sql, "drop table books;");

    static MigrationRunner Runner(TestDatabase database, bool production, params Migration[] migrations) =>
        new(database.MigrationsConnectionString, new MigrationSet(migrations), production);

    static MigrationRunner Runner(TestDatabase database, params Migration[] migrations) => Runner(database, false, migrations);

    static async Task<(int Code, string Words)> VerbAsync(TestDatabase database, string[] args, Migration[] migrations, bool production = false)
    {
        var words = new StringWriter();
        var code = await MigrateVerb.RunAsync(
            args, database.MigrationsConnectionString, () => new MigrationSet(migrations), production, words, null, CancellationToken.None);
        return (code, words.ToString());
    }

    static Task<bool> HasTableAsync(TestDatabase database, string table) =>
        database.ScalarAsync<bool>("select to_regclass($1) is not null", table);

    [Fact]
    public async Task Apply_runs_what_is_pending_in_order_and_records_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();

        (await Runner(database, Second(), First()).ApplyAsync(false, CancellationToken.None)).Select(applied => applied.Title)
            .ShouldBe(["0001_shelves", "0002_books"]);

        (await database.ListAsync<string>("select version || ' ' || name || ' ' || category || ' ' || success from schema_migrations order by version"))
            .ShouldBe(["0001 shelves CORE true", "0002 books CORE true"]);
        (await database.ScalarAsync<long>("select count(*) from schema_migrations where duration_ms >= 0 and length(checksum) = 64 and applied_at <= now()"))
            .ShouldBe(2);
    }

    [Fact]
    public async Task Apply_twice_does_nothing_the_second_time()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await Runner(database, First()).ApplyAsync(false, CancellationToken.None);
        (await VerbAsync(database, ["migrate"], [First()])).ShouldBe((0, "The schema is up to date." + Environment.NewLine));
    }

    [Fact]
    public async Task Two_runners_at_once_apply_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        Migration[] slow = [First("select pg_sleep(0.3); create table shelves (id bigint primary key);"), Second()];
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Runner(database, slow).ApplyAsync(false, CancellationToken.None)));
        runs.Select(run => run.Count).Order().ShouldBe([0, 0, 2]);
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_behind_and_its_reason_on_record()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var broken = Second("create table books (id bigint primary key); select 1 / 0;");

        var (code, words) = await VerbAsync(database, ["migrate"], [First(), broken]);

        code.ShouldBe(1);
        words.ShouldContain("0002_books failed and changed nothing: division by zero (22012)");
        (await HasTableAsync(database, "shelves")).ShouldBeTrue();
        (await HasTableAsync(database, "books")).ShouldBeFalse();
        (await database.ScalarAsync<string>("select error from schema_migrations where success = false")).ShouldBe("division by zero (22012)");
    }

    [Fact]
    public async Task A_failed_migration_runs_again_only_by_force()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await VerbAsync(database, ["migrate"], [First(), Second("select 1 / 0;")]);

        var refused = await VerbAsync(database, ["migrate"], [First(), Second()]);
        refused.Code.ShouldBe(1);
        refused.Words.ShouldContain("0002_books failed before (division by zero (22012)); correct the cause, then run migrate --force.");

        (await VerbAsync(database, ["migrate", "--force"], [First(), Second()])).Code.ShouldBe(0);
        (await HasTableAsync(database, "books")).ShouldBeTrue();
        (await database.ScalarAsync<long>("select count(*) from schema_migrations where success = false")).ShouldBe(0);
    }

    [Fact]
    public async Task Dry_run_prints_and_changes_nothing()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var (code, words) = await VerbAsync(database, ["migrate", "--dry-run"], [First()]);
        code.ShouldBe(0);
        words.ShouldContain("would apply 0001_shelves (CORE)");
        words.ShouldContain("create table shelves");
        (await HasTableAsync(database, "shelves")).ShouldBeFalse();
        (await HasTableAsync(database, "schema_migrations")).ShouldBeFalse();
    }

    [Fact]
    public async Task Validate_only_names_each_fault()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        (await VerbAsync(database, ["migrate", "--validate-only"], [First()])).ShouldBe((1, "0001_shelves is not applied." + Environment.NewLine));
        await Runner(database, First(), Second()).ApplyAsync(false, CancellationToken.None);

        (await VerbAsync(database, ["migrate", "--validate-only"], [First(), Second()])).Code.ShouldBe(0);
        var edited = await VerbAsync(database, ["migrate", "--validate-only"], [First("create table shelves (id int primary key);"), Second()]);
        edited.Code.ShouldBe(1);
        edited.Words.ShouldContain("0001_shelves was applied with another text");
        var older = await VerbAsync(database, ["migrate", "--validate-only"], [First()]);
        older.Code.ShouldBe(1);
        older.Words.ShouldContain("0002_books, which is newer than this program");
        var lacking = await VerbAsync(database, ["migrate", "--validate-only"], [Migration.Parse("0002", "books", Second().Sql.Replace("-- depends: 0001\n", ""), null)]);
        lacking.Words.ShouldContain("0001_shelves, which this program lacks");
    }

    [Fact]
    public async Task Apply_on_a_newer_schema_refuses()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await Runner(database, First(), Second()).ApplyAsync(false, CancellationToken.None);
        var (code, words) = await VerbAsync(database, ["migrate"], [First()]);
        code.ShouldBe(1);
        words.ShouldContain("newer than this program");
    }

    [Fact]
    public async Task Rollback_takes_back_the_last_and_records_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await Runner(database, First(), Second()).ApplyAsync(false, CancellationToken.None);

        (await VerbAsync(database, ["migrate", "--rollback"], [First(), Second()])).ShouldBe((0, "taken back 0002_books" + Environment.NewLine));

        (await HasTableAsync(database, "books")).ShouldBeFalse();
        (await database.ScalarAsync<string>("select version from schema_migrations where reversed_at is not null")).ShouldBe("0002");
        (await VerbAsync(database, ["migrate"], [First(), Second()])).Words.ShouldContain("applied 0002_books");
        (await database.ScalarAsync<int>("select reversals from schema_migrations where version = '0002'")).ShouldBe(1);
    }

    [Fact]
    public async Task Rollback_whose_script_fails_keeps_everything()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var stubborn = Migration.Parse("0001", "shelves", First().Sql, "drop table shelves; select 1 / 0;");
        await Runner(database, stubborn).ApplyAsync(false, CancellationToken.None);
        (await VerbAsync(database, ["migrate", "--rollback"], [stubborn])).Code.ShouldBe(1);
        (await HasTableAsync(database, "shelves")).ShouldBeTrue();
        (await VerbAsync(database, ["migrate", "--validate-only"], [stubborn])).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Destructive_migration_needs_force_in_production_only()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await Runner(database, First()).ApplyAsync(false, CancellationToken.None);
        var dropping = Migration.Parse("0002", "drop", "-- category: FIXES\n-- destructive: yes\ndrop table shelves;", null);

        var refused = await VerbAsync(database, ["migrate"], [First(), dropping], production: true);
        refused.Code.ShouldBe(1);
        refused.Words.ShouldContain("0002_drop drops or empties something");
        (await HasTableAsync(database, "shelves")).ShouldBeTrue();

        (await VerbAsync(database, ["migrate", "--force"], [First(), dropping], production: true)).Code.ShouldBe(0);
        (await HasTableAsync(database, "shelves")).ShouldBeFalse();
    }

    [Fact]
    public async Task Migration_that_moves_what_it_drops_runs_in_production_without_force()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await Runner(database, First()).ApplyAsync(false, CancellationToken.None);
        var moving = Migration.Parse("0002", "move", "-- category: FIXES\n-- destructive: moved\ncreate table racks as select * from shelves;\ndrop table shelves;", null);

        (await VerbAsync(database, ["migrate"], [First(), moving], production: true)).Code.ShouldBe(0);
        (await HasTableAsync(database, "racks")).ShouldBeTrue();
        (await HasTableAsync(database, "shelves")).ShouldBeFalse();
    }

    [Fact]
    public async Task Destructive_migration_runs_in_production_where_nothing_is_yet()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var dropping = Migration.Parse("0002", "drop", "-- category: FIXES\n-- destructive: yes\ndrop table shelves;", null);

        (await VerbAsync(database, ["migrate"], [First(), dropping], production: true)).Code.ShouldBe(0);
        (await HasTableAsync(database, "shelves")).ShouldBeFalse();
    }

    [Fact]
    public async Task Rollback_in_production_needs_force()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await Runner(database, First()).ApplyAsync(false, CancellationToken.None);
        (await VerbAsync(database, ["migrate", "--rollback"], [First()], production: true)).Code.ShouldBe(1);
        (await HasTableAsync(database, "shelves")).ShouldBeTrue();
    }

    [Fact]
    public async Task Migration_without_transaction_can_build_an_index_concurrently()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var index = Migration.Parse("0002", "index", """
            -- category: PERFORMANCE
            -- depends: 0001
            -- transaction: off
            create index concurrently shelves_id on shelves (id);
            create index concurrently shelves_id_again on shelves (id);
            """, null);
        await Runner(database, First(), index).ApplyAsync(false, CancellationToken.None);
        (await database.ScalarAsync<long>("select count(*) from pg_indexes where indexname like 'shelves_id%'")).ShouldBe(2);
    }

    [Fact]
    public async Task Program_without_the_right_to_create_still_validates()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await Runner(database, First()).ApplyAsync(false, CancellationToken.None);
        await database.ExecuteAsync("grant select on schema_migrations to smsai_web");
        (await new MigrationRunner(database.ConnectionString, new MigrationSet([First()])).PlanAsync(CancellationToken.None)).IsUpToDate.ShouldBeTrue();
    }

    [Fact]
    public async Task Unreachable_database_is_one_sentence_and_a_code()
    {
        var words = new StringWriter();
        var address = $"Host=127.0.0.1;Port={FreePort.Next()};Username=nobody;Password=hidden-word";
        (await MigrateVerb.RunAsync([], address, MigrationSet.Embedded, false, words, null, CancellationToken.None)).ShouldBe(1);
        words.ToString().ShouldBe("The database did not take part: it can't be reached." + Environment.NewLine);
    }

    [Fact]
    public async Task Unknown_flag_is_named()
    {
        var words = new StringWriter();
        (await MigrateVerb.RunAsync(["migrate", "--now"], "Host=x", MigrationSet.Embedded, false, words, null, CancellationToken.None)).ShouldBe(2);
        words.ToString().ShouldContain("--now");
    }

    [Theory]
    [InlineData("select 1;", "has no header line")]
    [InlineData("-- category: ODD\nselect 1;", "unknown category ODD")]
    [InlineData("-- category: CORE\nalter table a drop column b;", "-- destructive: yes")]
    [InlineData("-- category: CORE\ndrop table a;", "-- destructive: yes")]
    [InlineData("-- category: CORE\nTRUNCATE a;", "-- destructive: yes")]
    public void File_with_a_wrong_header_is_refused(string sql, string reason) =>
        Should.Throw<MigrationException>(() => Migration.Parse("0001", "x", sql, null)).Message.ShouldContain(reason);

    [Fact]
    public void Words_in_comments_do_not_make_a_migration_destructive() =>
        Migration.Parse("0001", "x", "-- category: CORE\n-- never drop table a\nselect 1; /* truncate b */ revoke truncate on c from d;", null).Destructive.ShouldBeFalse();

    [Fact]
    public void Set_with_a_missing_dependency_or_a_double_number_is_refused()
    {
        Should.Throw<MigrationException>(() => new MigrationSet([Second()])).Message.ShouldContain("0002_books depends on 0001");
        Should.Throw<MigrationException>(() => new MigrationSet([First(), First()])).Message.ShouldContain("0001");
    }

    [Fact]
    public void Misnamed_file_is_refused() =>
        Should.Throw<MigrationException>(() => MigrationSet.Files(new Dictionary<string, string> { ["Migrations/1_x.sql"] = "" }).ToList())
            .Message.ShouldContain("NNNN_name.sql");

    [Fact]
    public async Task Each_embedded_migration_goes_down_and_up_again()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var runner = new MigrationRunner(database.MigrationsConnectionString, MigrationSet.Embedded());
        await runner.ApplyAsync(false, CancellationToken.None);
        while (await runner.RollBackAsync(false, CancellationToken.None) is not null) { }
        (await database.ListAsync<string>("select tablename::text from pg_tables where schemaname = 'public'")).ShouldBe(["schema_migrations"]);
        await runner.ApplyAsync(false, CancellationToken.None);
    }
}
