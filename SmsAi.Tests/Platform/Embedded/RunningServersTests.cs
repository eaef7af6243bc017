using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using SmsAi.Core.Platform.Embedded;
using static SmsAi.Tests.Platform.Embedded.RunningServers;

namespace SmsAi.Tests.Platform.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class RunningServersTests(RunningServers running) : IClassFixture<RunningServers>
{
    [Fact]
    public async Task The_app_cannot_change_the_schema_and_the_owner_can()
    {
        PostgresException refused = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(running.Servers.Postgres, "create table mine (id int)"));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        await ExecuteAsync(running.Servers.Migrations, "create table ours (id int); grant select on ours to smsai_web");
        (await ExecuteAsync(running.Servers.Postgres, "select count(*) from ours")).ShouldBe(0L);
        (await ExecuteAsync(running.Servers.Postgres, "show idle_in_transaction_session_timeout")).ShouldBe("5s");
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password_and_only_the_owner_of_the_folder_can_read_it()
    {
        foreach (string? connectionString in new[] { running.Servers.Postgres, running.Servers.Migrations })
        {
            var guess = new NpgsqlConnectionStringBuilder(connectionString) { Password = "guess" };
            PostgresException refused = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(guess.ConnectionString, "select 1"));
            refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        }

        foreach (string file in Directory.GetFiles(Path.Combine(running.Folder.Data, "secrets")))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Redis_answers_to_its_password_only()
    {
        string[] parts = running.Servers.Redis.ShouldNotBeNull().Split(',', ':');
        int port = int.Parse(parts[1], CultureInfo.InvariantCulture);
        string password = parts[2].Replace("password=", "", StringComparison.Ordinal);

        (await RedisLine.AskAsync(port, password, "SET greeting hello", TestContext.Current.CancellationToken)).ShouldBe("+OK");
        (await RedisLine.AskAsync(port, "guess", "GET greeting", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task A_second_app_on_the_folder_is_refused_by_the_first_ones_process_id_and_leaves_its_servers_alone()
    {
        EmbeddedServerException refused = await Should.ThrowAsync<EmbeddedServerException>(() => EmbeddedHost.StartInsideAsync(running.Folder.Data, TextWriter.Null));

        refused.Message.ShouldContain($"already running on {running.Folder.Data} (process {Environment.ProcessId})");
        (await ExecuteAsync(running.Servers.Postgres, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_command_beside_a_running_app_uses_its_servers_and_leaves_them_running()
    {
        await using (EmbeddedServers command = await EmbeddedServers.JoinOrStartAsync(
            EmbeddedHost.Configuration(running.Folder.Data), "/", TextWriter.Null, TestContext.Current.CancellationToken))
        {
            command.Postgres.ShouldBe(running.Servers.Postgres);
            command.Redis.ShouldBe(running.Servers.Redis);
        }

        (await ExecuteAsync(running.Servers.Postgres, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_server_lives_in_a_session_of_its_own_so_that_the_terminals_interrupt_does_not_reach_it()
    {
        foreach (int server in running.Folder.Servers)
        {
            SessionOf(server).ShouldNotBe(SessionOf(Environment.ProcessId));
        }
    }

    private static string SessionOf(int process) => File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ')[3];
}
