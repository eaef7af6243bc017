using System.Text.RegularExpressions;
using SmsAi.Core.Platform.Database;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>The program's first words: what it refuses to start with, and what its verbs do.</summary>
[Collection(JourneyCollection.Name)]
public sealed partial class StartJourney
{
    [Fact]
    public async Task Every_wrong_setting_is_named_at_once_and_ends_the_program()
    {
        var (code, output) = await AppProcess.RunAsync(new Dictionary<string, string>
        {
            ["ConnectionStrings:Postgres"] = "neither this nor that",
            ["ConnectionStrings:Redis"] = "127.0.0.1:0:0",
            ["Privacy:PhoneHashKey"] = "too short",
            ["Twilio:AccountSid"] = "AC1",
            ["Twilio:FromNumber"] = "my number",
            ["Twilio:TimeoutSeconds"] = "soon",
            ["OpenAI:Temperature"] = "7",
            ["Queue:Lease"] = "-00:00:01",
            ["Queue:Settle"] = "00:00:00.001",
            ["Admin:Email"] = "nobody",
            ["Limits:free:PerMinute"] = "-1",
            ["KnownProxies:0"] = "the proxy",
        });
        code.ShouldNotBe(0);
        string[] keys =
        [
            "ConnectionStrings:Postgres", "ConnectionStrings:Redis", "Privacy:PhoneHashKey", "Privacy:EncryptionKey", "Twilio:AccountSid", "Twilio:AuthToken",
            "Twilio:FromNumber", "Twilio:PublicBaseUrl", "Twilio:TimeoutSeconds", "OpenAI:Temperature", "Queue:Lease", "Queue:Settle",
            "Admin:", "Limits:free:PerMinute",
            "KnownProxies",
        ];
        keys.Where(key => !output.Contains(key, StringComparison.Ordinal)).ShouldBeEmpty(output);
        StackTrace().IsMatch(output).ShouldBeFalse(output);
        output.ShouldNotContain("too short");
        output.ShouldNotContain("neither this nor that");
    }

    [Fact]
    public async Task Without_keys_Production_does_not_start_on_a_database_of_its_own()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (code, output) = await AppProcess.RunAsync(new Dictionary<string, string> { ["ConnectionStrings:Postgres"] = database.ConnectionString });
        code.ShouldNotBe(0);
        output.ShouldContain("Privacy:PhoneHashKey");
        output.ShouldContain("Privacy:EncryptionKey");
        StackTrace().IsMatch(output).ShouldBeFalse(output);
    }

    [Fact]
    public async Task An_outdated_schema_is_refused_with_one_sentence_and_migrate_mends_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var service = await Service.PrepareAsync();
        var settings = new Dictionary<string, string>(service.Settings, StringComparer.OrdinalIgnoreCase)
        {
            ["ConnectionStrings:Postgres"] = database.ConnectionString,
            ["ConnectionStrings:Migrations"] = database.MigrationsConnectionString,
        };
        var (refused, words) = await AppProcess.RunAsync(settings);
        refused.ShouldNotBe(0);
        words.ShouldContain("The database schema is outdated");
        StackTrace().IsMatch(words).ShouldBeFalse(words);

        var (invalid, faults) = await AppProcess.RunAsync(settings, "migrate", "--validate-only");
        (invalid, faults.Contains("is not applied", StringComparison.Ordinal)).ShouldBe((1, true), faults);
        var (dry, plan) = await AppProcess.RunAsync(settings, "migrate", "--dry-run");
        (dry, plan.Contains("would apply", StringComparison.Ordinal), plan.Contains("create table messages", StringComparison.Ordinal)).ShouldBe((0, true, true), plan);
        (await database.ScalarAsync<long>("select count(*) from pg_tables where schemaname = 'public' and tablename = 'messages'")).ShouldBe(0, "a dry run changes nothing");

        var (applied, report) = await AppProcess.RunAsync(settings, "migrate");
        (applied, report.Contains("up to date", StringComparison.Ordinal)).ShouldBe((0, true), report);
        (await AppProcess.RunAsync(settings, "migrate", "--validate-only")).ExitCode.ShouldBe(0);
        (await database.ScalarAsync<long>("select count(*) from schema_migrations where success")).ShouldBe(MigrationSet.Embedded().All.Count);
        await using var app = await AppProcess.StartAsync(settings);
    }

    [Fact]
    public async Task Kill_from_the_shell_stops_a_running_replica()
    {
        await using var service = await Service.StartAsync();
        var (code, output) = await AppProcess.RunAsync(service.Settings, "kill");
        code.ShouldBe(0, output);
        await service.Driver.TextAsync(() => service.App, RoadDriver.NumberOf(1), "while stopped");
        await Until.TrueAsync(async () => await service.Database.ScalarAsync<long>("select count(*) from queue where state = 'held'") == 1, "the text is held");
        service.Carrier.Ledger.SendRequests.ShouldBe(0);
        service.Model.Questions.ShouldBeEmpty();
        (await service.Database.ListAsync<string>("select action from audit where resource = 'switch:kill'")).ShouldBe(["service.stop_all"]);
    }

    [GeneratedRegex(@"^\s+at \S+\(|Unhandled exception|Exception:", RegexOptions.Multiline)]
    private static partial Regex StackTrace();
}
