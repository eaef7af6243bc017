using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.Settings;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Features.Settings;

/// <summary>Settings changed while the service runs: in force on every replica, checked, kept with their history, refused on an old reading.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Change_holds_on_every_replica_within_seconds_and_from_the_start_of_a_new_one()
    {
        await using var one = await SettingsHost.StartAsync(_database);
        await using var other = await SettingsHost.StartAsync(_database, ("LoopGuard:PerHour", "25"));
        (one.Options<LoopGuardOptions>().PerHour, other.Options<LoopGuardOptions>().PerHour).ShouldBe((30, 25));

        (await one.ChangeAsync("LoopGuard:PerHour", "7")).ShouldBeOfType<SettingOutcome.Done>();

        await Until.TrueAsync(() => one.Options<LoopGuardOptions>().PerHour == 7 && other.Options<LoopGuardOptions>().PerHour == 7, "both go by it", seconds: 5);
        one.Get<LoopGuard>().Options.PerHour.ShouldBe(7, "the guard itself goes by it");
        await using var late = await SettingsHost.StartAsync(_database);
        late.Options<LoopGuardOptions>().PerHour.ShouldBe(7);
        one.Options<LoopGuardOptions>().PerDay.ShouldBe(100, "its neighbours stay");
    }

    [Fact]
    public async Task Price_model_prompt_and_cap_are_followed_without_a_restart()
    {
        await using var host = await SettingsHost.StartAsync(_database);
        host.Get<SmsPrice>().Micros(2).ShouldBe(15_800);

        await host.ChangeAsync("Prices:SmsSegmentUsd", "0.01");
        await host.ChangeAsync("OpenAI:Model", "gpt-5-mini");
        await host.ChangeAsync("OpenAI:Temperature", "0.2");
        await host.ChangeAsync("Spend:PerDayUsd", "12.50");
        await host.ChangeAsync("Replies:MaxAge", "00:05:00");

        await Until.TrueAsync(() => host.Get<SmsPrice>().Micros(2) == 20_000 && host.Options<StalenessOptions>().MaxAge == TimeSpan.FromMinutes(5), "the road goes by them");
        var model = host.Options<OpenAiOptions>();
        (model.Model, model.Temperature, model.MaxTokens).ShouldBe(("gpt-5-mini", 0.2, 150));
        host.Options<SpendOptions>().PerDayUsd.ShouldBe(12.5m);
    }

    [Fact]
    public async Task Put_back_gives_the_files_value_again_and_the_history_tells_all()
    {
        await using var host = await SettingsHost.StartAsync(_database, ("LoopGuard:PerHour", "25"));
        await host.ChangeAsync("LoopGuard:PerHour", "7", 0, "storm");
        await host.ChangeAsync("LoopGuard:PerHour", "9", 1, "milder");
        var changed = await host.ViewAsync("LoopGuard:PerHour");
        (changed.Value, changed.Source, changed.Version, changed.ChangedBy).ShouldBe(("9", SettingSource.Console, 2, "Mara"));

        (await host.ChangeAsync("LoopGuard:PerHour", null, 2, "over")).ShouldBeOfType<SettingOutcome.Done>();

        await Until.TrueAsync(() => host.Options<LoopGuardOptions>().PerHour == 25, "the file's value holds");
        var back = await host.ViewAsync("LoopGuard:PerHour");
        (back.Value, back.Source, back.Version).ShouldBe(("25", SettingSource.Program, 3));
        var history = await host.Get<SettingReader>().HistoryAsync("LoopGuard:PerHour", CancellationToken.None);
        history.Select(change => (change.Version, change.Value, change.By, change.Reason)).ShouldBe([(3, null, "Mara", "over"), (2, "9", "Mara", "milder"), (1, "7", "Mara", "storm")]);
        (await _database.ListAsync<string>("select action || ': ' || (metadata -> 'before' ->> 'value') || ' to ' || (metadata -> 'after' ->> 'value') from audit order by id"))
            .ShouldBe(["setting.change: 25 to 7", "setting.change: 7 to 9", "setting.reset: 9 to 25"]);
    }

    [Fact]
    public async Task Of_two_who_edit_the_second_is_shown_what_the_first_saved()
    {
        await using var host = await SettingsHost.StartAsync(_database);
        await host.ChangeAsync("OpenAI:MaxTokens", "200", 0, "longer");

        var second = await host.ChangeAsync("OpenAI:MaxTokens", "90", 0, "shorter", SettingsHost.Mara with { Name = "Jonas" });

        var theirs = second.ShouldBeOfType<SettingOutcome.Conflict>().Theirs;
        (theirs.By, theirs.Value, theirs.Reason, theirs.Version).ShouldBe(("Mara", "200", "longer", 1));
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(1);
        (await host.ChangeAsync("OpenAI:MaxTokens", "90", theirs.Version, "shorter, still")).ShouldBeOfType<SettingOutcome.Done>();
    }

    [Fact]
    public async Task Of_many_who_save_at_the_same_moment_one_wins()
    {
        await using var host = await SettingsHost.StartAsync(_database);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => host.ChangeAsync("OpenAI:MaxTokens", $"{100 + n}", 0)));

        outcomes.Count(outcome => outcome is SettingOutcome.Done).ShouldBe(1);
        outcomes.Count(outcome => outcome is SettingOutcome.Conflict).ShouldBe(5);
    }

    [Theory]
    [InlineData("OpenAI:MaxTokens", "many", "OpenAI:MaxTokens is not a whole number.")]
    [InlineData("OpenAI:MaxTokens", "0", "OpenAI:MaxTokens must be between 1 and 16384.")]
    [InlineData("OpenAI:MaxTokens", "  ", "OpenAI:MaxTokens must not be empty. To take the console's value away, use Put back.")]
    [InlineData("OpenAI:Temperature", "2.5", "OpenAI:Temperature must be between 0 and 2.")]
    [InlineData("Replies:MaxAge", "15 minutes", "Replies:MaxAge is not a duration, such as 00:15:00.")]
    [InlineData("Replies:MaxAge", "00:00:10", "Replies:MaxAge must be between 00:01:00 and 1.00:00:00.")]
    [InlineData("LoopGuard:Enabled", "maybe", "LoopGuard:Enabled is not true or false.")]
    [InlineData("LoopGuard:SameText", "1", "LoopGuard:SameText must be 0 (off) or between 2 and 1000.")]
    [InlineData("Twilio:AuthToken", "x", "Twilio:AuthToken can't be changed while the service runs. Set it in the environment or a file, and restart.")]
    public async Task Wrong_value_is_refused_in_words_that_name_the_key_and_the_way_out(string key, string value, string fault)
    {
        await using var host = await SettingsHost.StartAsync(_database);

        (await host.ChangeAsync(key, value)).ShouldBe(new SettingOutcome.Wrong(fault));

        (await _database.ScalarAsync<long>("select (select count(*) from audit) + (select count(*) from system_config_history)")).ShouldBe(0);
    }

    [Fact]
    public async Task Day_cap_below_nothing_is_refused()
    {
        await using var host = await SettingsHost.StartAsync(_database);

        (await host.ChangeAsync("Spend:PerDayUsd", "-1")).ShouldBeOfType<SettingOutcome.Wrong>().Fault.ShouldStartWith("Spend:PerDayUsd");
    }

    [Fact]
    public async Task Value_that_somebody_broke_by_hand_is_left_out_and_the_rest_goes_on()
    {
        await using var host = await SettingsHost.StartAsync(_database);
        await host.ChangeAsync("LoopGuard:PerHour", "7");
        await host.ChangeAsync("OpenAI:MaxTokens", "200");
        await Until.TrueAsync(() => host.Options<OpenAiOptions>().MaxTokens == 200 && host.Options<LoopGuardOptions>().PerHour == 7, "both hold");

        await _database.ExecuteAsync("update system_config set value = '\"-5\"' where key = 'LoopGuard:PerHour'; update system_config set value = '\"300\"' where key = 'OpenAI:MaxTokens'");

        await Until.TrueAsync(() => host.Options<OpenAiOptions>().MaxTokens == 300, "the right one holds");
        host.Options<LoopGuardOptions>().PerHour.ShouldBe(30);
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData(OperatorRoles.Operator)]
    public async Task Only_admins_change_settings(string role)
    {
        await using var host = await SettingsHost.StartAsync(_database);

        await Should.ThrowAsync<UnauthorizedAccessException>(() => host.ChangeAsync("OpenAI:MaxTokens", "200", actor: SettingsHost.Mara with { Role = role }));

        (await _database.ScalarAsync<long>("select (select count(*) from audit) + (select count(*) from system_config)")).ShouldBe(0);
    }

    [Fact]
    public async Task Limit_of_a_tier_in_the_configuration_is_shown_as_the_one_that_wins()
    {
        await using var host = await SettingsHost.StartAsync(_database, ("Limits:team:PerDay", "7"));

        var limit = await host.ViewAsync("Limits:team:PerDay");

        (limit.Value, limit.Setting.IsLive).ShouldBe(("7", false));
    }

    [Fact]
    public async Task Secret_is_only_said_to_be_set()
    {
        await using var host = await SettingsHost.StartAsync(_database, ("Twilio:AuthToken", "canary-token"), ("OpenAI:ApiKey", "canary-key"));

        var token = await host.ViewAsync("Twilio:AuthToken");

        (token.Value, token.IsSet).ShouldBe((null, true));
        (await host.ViewAsync("Twilio:ApiKeySecret")).IsSet.ShouldBeFalse();
        host.Last!.Select(view => view.Value ?? "").ShouldAllBe(value => !value.Contains("canary") && !value.Contains("Password="));
    }

    [Fact]
    public void Every_setting_says_what_it_means_and_what_it_takes()
    {
        var catalogue = new SettingCatalogue([typeof(ConsoleSettings).Assembly, typeof(App).Assembly]);

        catalogue.All.Count.ShouldBeGreaterThan(50);
        catalogue.All.Where(setting => setting.Meaning is not [_, .., '.'] || setting.Allowed.Length == 0).Select(setting => setting.Key).ShouldBeEmpty("these lack a line in SettingMeanings");
        catalogue.All.Where(setting => setting.IsLive && (setting.Options is null || setting.IsSecret)).Select(setting => setting.Key).ShouldBeEmpty("secrets are never changed here");
    }
}
