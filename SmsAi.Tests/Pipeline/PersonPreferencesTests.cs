using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline;

/// <summary>What a person asked for is what the road does.</summary>
public sealed class PersonPreferencesTests : IAsyncLifetime
{
    private const string Robin = "+15550100111";
    private static readonly DateTimeOffset Noon = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Persona_language_and_local_time_are_told_to_the_model()
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.TextAsync(Robin, "hello");
        await road.SettledAsync(1);
        await _database.ExecuteAsync("""
            update users set preferences = '{"language": "de"}', persona_config = '{"text": "Explain for a beginner."}', timezone = 'America/Denver'
            """);

        await road.TextAsync(Robin, "and now?");
        await road.SettledAsync(2);

        var (before, after) = (road.Model.Asked.First().SystemPrompt, road.Model.Asked.Last().SystemPrompt);
        after.ShouldStartWith(before);
        before.ShouldNotContain("beginner");
        after.ShouldContain("Answer this person in German, unless they write in another language.");
        after.ShouldContain("Where they are it is ");
        after.ShouldEndWith("Explain for a beginner.");
    }

    [Theory]
    [InlineData("{}", 3)]
    [InlineData("""{"features": {"auto_retry": false}}""", 1)]
    public async Task Model_that_stays_silent_is_asked_again_only_if_she_wants(string preferences, int asked)
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.TextAsync(Robin, "hello");
        await road.SettledAsync(1);
        await _database.ExecuteAsync("update users set preferences = $1::jsonb", preferences);
        for (var time = 0; time < 3; time++) road.Model.Next(_ => new ModelResult.Empty("gpt-4o-mini", new ModelUsage(10, 0, 0, 0), "stop"));

        await road.TextAsync(Robin, "and now?");
        await road.SettledAsync(2);

        (road.Model.Asked.Count - 1).ShouldBe(asked);
        (await _database.ScalarAsync<long>("select count(*) from messages where kind = 'apology'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("""{"notifications": {"sms": false}}""", 0)]
    public async Task Limit_is_kept_and_told_only_to_whoever_wants_notices(string preferences, long notices)
    {
        await using var road = await RoadHost.StartAsync(_database, settings: [("Limits:free:PerMinute", "1")]);
        await road.TextAsync(Robin, "hello");
        await road.SettledAsync(1);
        await _database.ExecuteAsync("update users set preferences = $1::jsonb", preferences);

        await road.TextAsync(Robin, "again");
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from queue") == 0);

        (await _database.ScalarAsync<long>("select count(*) from messages where kind = 'notice'")).ShouldBe(notices);
        road.Model.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(-1, 1, "broadcast", false)]
    [InlineData(1, 2, "broadcast", true)]
    [InlineData(-1, 1, "answer", true)]
    [InlineData(null, null, "broadcast", true)]
    public async Task Quiet_hours_hold_what_nobody_asked_for_and_no_answer(int? fromNow, int? untilNow, string kind, bool mayLeave)
    {
        var person = await HandPerson.AddAsync(_database);
        var hour = await _database.ScalarAsync<int>("select extract(hour from clock_timestamp() at time zone 'Asia/Tokyo')::int");
        var quiet = PersonPreferences.None with { TimeZone = "Asia/Tokyo", QuietFrom = (hour + fromNow + 24) % 24, QuietUntil = (hour + untilNow + 24) % 24 };
        await _database.ExecuteAsync("update users set preferences = $1::jsonb, timezone = 'Asia/Tokyo'", quiet.WriteOver("{}", "{}").Preferences);
        await person.MessageAsync(1000, Noon, direction: "out", kind: kind, state: "draft");

        var open = await _database.ScalarAsync<bool>($"select {new QuietHoursGate().Condition} from messages o where o.id = 1000");

        open.ShouldBe(mayLeave);
    }

    [Theory]
    [InlineData("""{"notifications": {"quiet_hours": {"start": 22, "end": 8}, "email": true}, "features": {"voice_assistant": true}}""", 22, 8, true, true)]
    [InlineData("""{"notifications": {"quiet_hours": "21:00-08:00", "email": "yes"}}""", null, null, false, false)]
    [InlineData("""{"notifications": [1], "features": null, "quiet_hours": {"start": 99}}""", null, null, false, false)]
    [InlineData("""[]""", null, null, false, false)]
    public void Documents_example_is_read_and_nonsense_counts_as_not_said(string json, int? from, int? until, bool email, bool voice)
    {
        var read = PersonPreferences.Parse(json, "{}", "UTC");

        (read.QuietFrom, read.QuietUntil, read.EmailNotices, read.VoiceAssistant, read.AutoRetry).ShouldBe((from, until, email, voice, true));
    }

    [Fact]
    public async Task Zone_the_database_does_not_know_is_not_kept()
    {
        await HandPerson.AddAsync(_database);

        await Should.ThrowAsync<Npgsql.PostgresException>(() => _database.ExecuteAsync("update users set timezone = 'Mars/Phobos'"));
    }
}
