using System.Diagnostics;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline;

/// <summary>Sends of which nobody knows whether the carrier has them, on a real database.</summary>
public sealed class UncertainSendTests : IAsyncLifetime
{
    private const string Robin = "+15550100111";

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_lost_answer_of_the_carrier_is_looked_up_and_never_sent_again()
    {
        await using var road = await RoadHost.StartAsync(_database);
        road.Carrier.Next(road.Carrier.TakeSilently);
        await road.TextAsync(Robin, "hello");
        await road.SettledAsync(1);
        road.Carrier.Calls.Count.ShouldBe(1);
        (await _database.ScalarAsync<string>("select state || ' ' || recovered from messages where direction = 'out'")).ShouldBe("sent found");
        (await _database.ScalarAsync<string>("select sid from messages where direction = 'out'")).ShouldBe(road.Carrier.Taken.First().Sid);
    }

    [Fact]
    public async Task A_send_the_carrier_never_got_goes_again_after_two_looks_each_time()
    {
        await using var road = await RoadHost.StartAsync(_database);
        for (var time = 0; time < 2; time++)
            road.Carrier.Next(_ => new SendResult.Uncertain("reset"));
        await road.TextAsync(Robin, "hello");
        await road.SettledAsync(1);
        var calls = road.Carrier.Calls.ToArray();
        calls.Length.ShouldBe(3);
        foreach (var (before, after) in calls.Zip(calls.Skip(1)))
            (after.At - before.At).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(600), "settling time and half of it again");
        (await _database.ScalarAsync<string>("select state || ' ' || recovered || ' ' || attempt from messages where direction = 'out'")).ShouldBe("sent absent 3");
        road.Model.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task While_the_carriers_list_is_away_an_uncertain_send_waits()
    {
        await using var road = await RoadHost.StartAsync(_database, settings: ("Queue:UncertainAtMost", "00:00:00.500"));
        road.Carrier.ListIsAway = true;
        road.Carrier.Next(_ => new SendResult.Uncertain("reset"));
        await road.TextAsync(Robin, "hello");
        await Until.EqualAsync("needs_person", () => _database.ScalarAsync<string>("select state::text from messages where direction = 'out'"));
        road.Carrier.Calls.Count.ShouldBe(1);
        (await _database.ScalarAsync<string>("select reason from dead_letters")).ShouldBe("uncertain");
    }

    [Fact]
    public async Task A_list_that_does_not_reach_back_to_the_send_proves_nothing()
    {
        await using var road = await RoadHost.StartAsync(_database, settings: ("Queue:UncertainAtMost", "00:00:01"));
        road.Carrier.ListEndsAfter = 0;
        road.Carrier.Next(road.Carrier.TakeSilently);
        await road.TextAsync(Robin, "hello");
        await Until.EqualAsync("needs_person", () => _database.ScalarAsync<string>("select state::text from messages where direction = 'out'"));
        road.Carrier.Calls.Count.ShouldBe(1);
    }

    /// <summary>As when the process stood still after the gate: somebody else may have looked the send up by then.</summary>
    [Fact]
    public async Task A_send_that_is_too_late_to_leave_asks_the_gate_again_and_its_last_moment_is_before_others_look()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var began = Stopwatch.GetTimestamp();
        road.Carrier.Next(_ => new SendResult.TooLate());
        await road.TextAsync(Robin, "hello");
        await road.SettledAsync(1);
        road.Carrier.Calls.Count.ShouldBe(2);
        road.Carrier.Taken.Count.ShouldBe(1);
        (await _database.ScalarAsync<string>("select state || ' ' || attempt from messages where direction = 'out'")).ShouldBe("sent 2");
        var settle = road.Get<IOptions<QueueOptions>>().Value.Settle;
        foreach (var (request, _) in road.Carrier.Calls)
        {
            request.LastMoment.ShouldBeGreaterThan(began);
            Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), request.LastMoment).ShouldBeLessThan(settle * 0.75);
        }
    }
}
