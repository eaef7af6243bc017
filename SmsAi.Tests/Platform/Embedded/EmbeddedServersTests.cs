using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;
using SmsAi.Core.Platform.Embedded;
using static SmsAi.Tests.Platform.Embedded.RunningServers;

namespace SmsAi.Tests.Platform.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedServersTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_and_stop_leaves_no_process_behind_and_keeps_the_data()
    {
        await using (EmbeddedServers first = await StartAsync())
        {
            await ExecuteAsync(first.Migrations, "create table kept (word text); insert into kept values ('still here')");
            _folder.Processes.ShouldNotBeEmpty();
        }

        await _folder.DesertedAsync();

        await using EmbeddedServers second = await StartAsync();
        (await ExecuteAsync(second.Migrations, "select word from kept")).ShouldBe("still here");
    }

    [Fact]
    public async Task Servers_own_log_holds_nothing_that_was_stored()
    {
        await using EmbeddedServers servers = await StartAsync();
        await using var connection = new NpgsqlConnection(servers.Migrations);
        await connection.OpenAsync();
        await ExecuteAsync(servers.Migrations, "create table said (words text unique check (words <> 'canary checked'), at int); insert into said values ('canary twice')");

        foreach (string words in (string[])["canary twice", "canary checked"])
        {
            (await Should.ThrowAsync<PostgresException>(() => SayAsync("insert into said (words) values ($1)", words))).SqlState.ShouldStartWith("23");
        }

        await SayAsync("select set_config('statement_timeout', $1, false)", "50ms");
        await Should.ThrowAsync<PostgresException>(() => SayAsync("select pg_sleep(10), $1::text", "canary slow"));
        string log = string.Concat(Directory.GetFiles(_folder.Data, "*.log*", SearchOption.AllDirectories).Select(File.ReadAllText));

        log.ShouldContain("violates unique constraint");
        log.ShouldContain("violates check constraint");
        log.ShouldContain("due to statement timeout");
        log.ShouldNotContain("canary");

        async Task SayAsync(string sql, string words)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(new() { Value = words });
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_command_alone_starts_the_servers_and_stops_them_again()
    {
        await using (EmbeddedServers command = await JoinAsync())
        {
            (await ExecuteAsync(command.Postgres, "select 1")).ShouldBe(1);
        }

        await _folder.DesertedAsync();
    }

    [Fact]
    public async Task Servers_of_a_killed_app_are_adopted_and_stopped_with_the_next()
    {
        using EmbeddedHost host = await EmbeddedHost.StartAsync(_folder.Data);
        host.Kill();
        IReadOnlyList<int> leftBehind = _folder.Servers;

        var console = new StringWriter();
        await using (EmbeddedServers next = await EmbeddedHost.StartInsideAsync(_folder.Data, console))
        {
            (await ExecuteAsync(next.Postgres, "select 1")).ShouldBe(1);
            _folder.Servers.ShouldBe(leftBehind);
            console.ToString().ShouldContain("left running by an app that was killed");
        }

        await _folder.DesertedAsync();
    }

    [Fact]
    public async Task A_server_that_dies_under_the_app_comes_back_on_its_port()
    {
        await using (EmbeddedServers servers = await StartAsync())
        {
            await ExecuteAsync(servers.Migrations, "create table kept (id int)");

            foreach (int server in _folder.Servers)
            {
                Process.GetProcessById(server).Kill();
            }

            await Until.TrueAsync(() => AnswersAsync(servers.Migrations, "select count(*) from kept"), "the servers are back", 60);
        }

        await _folder.DesertedAsync();
    }

    [Fact]
    public async Task A_first_start_that_was_killed_half_way_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Data, "postgres.new", "base"));

        await using EmbeddedServers servers = await StartAsync();

        (await ExecuteAsync(servers.Postgres, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Data_of_a_PostgreSQL_that_is_not_installed_is_left_alone_with_a_clear_sentence()
    {
        string data = Path.Combine(_folder.Data, "postgres");
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<EmbeddedServerException>(StartAsync)).Message.ShouldStartWith("The data was made by PostgreSQL 9, and only");
    }

    [Fact]
    public async Task Nothing_is_started_when_a_database_is_configured()
    {
        await using EmbeddedServers servers = await EmbeddedHost.StartInsideAsync(
            _folder.Data, TextWriter.Null, ("ConnectionStrings:Postgres", "Host=elsewhere"));

        servers.IsEmbedded.ShouldBeFalse();
        servers.Postgres.ShouldBeNull();
        servers.Redis.ShouldBeNull();
        Directory.Exists(_folder.Data).ShouldBeFalse();
    }

    [Fact]
    public async Task A_configured_Redis_is_used_instead_of_an_own_one()
    {
        await using EmbeddedServers servers = await EmbeddedHost.StartInsideAsync(
            _folder.Data, TextWriter.Null, ("ConnectionStrings:Redis", "elsewhere:6379"));

        servers.Postgres.ShouldNotBeNull();
        servers.Redis.ShouldBeNull();
        Directory.Exists(Path.Combine(_folder.Data, "redis")).ShouldBeFalse();
    }

    [Fact(Skip = "Only root has the problem.", SkipUnless = nameof(IsRoot))]
    public async Task Root_in_a_folder_closed_to_others_keeps_its_data_elsewhere_and_says_so()
    {
        using var closed = new TestFolder(closed: true);
        var console = new StringWriter();
        string kept;
        await using (EmbeddedServers servers = await EmbeddedHost.StartInsideAsync(closed.Data, console))
        {
            kept = servers.Settings["Data:Folder"]!;
            kept.ShouldStartWith("/var/lib/smsai/");
            console.ToString().ShouldContain($"data is in {kept}");
            (await ExecuteAsync(servers.Postgres, "select 1")).ShouldBe(1);
            (await Should.ThrowAsync<EmbeddedServerException>(() => EmbeddedHost.StartInsideAsync(closed.Data, console))).Message.ShouldContain("already running");
        }

        closed.OpenToOthers();
        await using (EmbeddedServers opened = await EmbeddedHost.StartInsideAsync(closed.Data, TextWriter.Null))
        {
            opened.Settings["Data:Folder"].ShouldBe(kept);
        }

        Directory.Delete(kept, recursive: true);
    }

    private Task<EmbeddedServers> StartAsync() => EmbeddedHost.StartInsideAsync(_folder.Data, TextWriter.Null);

    private Task<EmbeddedServers> JoinAsync() =>
        EmbeddedServers.JoinOrStartAsync(EmbeddedHost.Configuration(_folder.Data), "/", TextWriter.Null, TestContext.Current.CancellationToken);

    private static async Task<bool> AnswersAsync(string? connectionString, string sql)
    {
        try
        {
            return await ExecuteAsync(connectionString, sql) is not null;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
