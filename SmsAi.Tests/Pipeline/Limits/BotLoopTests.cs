using System.Globalization;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Limits;

/// <summary>Machines on the whole road: each answer of ours comes back as a new text, and soon nobody answers.</summary>
public sealed class BotLoopTests : IAsyncLifetime
{
    private const string Machine = "+15550100111";
    private static readonly (string, string) GuardOn = ("LoopGuard:Enabled", "true");

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Echo_is_answered_once_then_muted_and_a_human_text_after_the_mute_is_answered()
    {
        await using var road = await RoadHost.StartAsync(_database, settings: GuardOn);
        await road.TextAsync(Machine, "hello");
        await road.SettledAsync(1);
        for (var echo = 0; echo < 5; echo++)
        {
            await road.TextAsync(Machine, road.Carrier.Taken.Last().Body);
            await road.SettledAsync(1);
        }

        road.Carrier.Taken.Count.ShouldBe(1);
        (await _database.ScalarAsync<string>("select string_agg(distinct data->>'why', ' ' order by data->>'why') from events where type = 'ignored'")).ShouldBe("loop_echo muted");
        (await _database.ScalarAsync<long>("select count(*) from error_logs where error_type = 'loop'")).ShouldBe(1);

        await _database.ExecuteAsync("update users set muted_until = now()");
        await road.TextAsync(Machine, "Sorry, my phone answered by itself. Are you there?");
        await road.SettledAsync(2);
        road.Carrier.Taken.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Machine_that_counts_gets_at_most_five_replies()
    {
        await using var road = await RoadHost.StartAsync(_database, settings: GuardOn);
        for (var count = 1; count <= 12; count++)
        {
            await road.TextAsync(Machine, string.Create(CultureInfo.InvariantCulture, $"auto-reply number {count}"));
            await road.SettledAsync(0);
        }

        road.Carrier.Taken.Count.ShouldBeLessThanOrEqualTo(5);
        // On a slow machine it may not look quick; the minute's limit holds all the same.
        (await _database.ListAsync<string>("select distinct data->>'why' from events where type = 'ignored'"))
            .ShouldBeSubsetOf(["loop_too_quick", "muted", "limit_minute"]);
    }

    [Fact]
    public async Task Our_own_numbers_and_names_get_no_reply()
    {
        await using var road = await RoadHost.StartAsync(_database, settings: GuardOn);
        foreach (var sender in (string[])[RoadHost.OurNumber, "12345", "MYBANK"])
            await road.TextAsync(sender, "hello");
        await road.SettledAsync(0);
        road.Carrier.Taken.ShouldBeEmpty();
        road.Model.Asked.ShouldBeEmpty();
        (await _database.ListAsync<string>("select data->>'why' from events where type = 'ignored' order by 1")).ShouldBe(["not_a_number", "not_a_number", "own_number"]);
    }
}
