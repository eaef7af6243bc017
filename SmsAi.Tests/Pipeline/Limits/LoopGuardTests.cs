using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Tests.Pipeline.Limits;

/// <summary>Machines that text us back are noticed and muted; people are not. The same in Redis and in memory.</summary>
public sealed class LoopGuardTests
{
    private static readonly LoopGuardOptions Defaults = new();
    private static readonly (string, int?, int?)[] Roomy = [("free", 100, 1000)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Echo_of_our_answer_mutes_the_sender(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, Defaults, Roomy);
        (await bench.TextAsync("hello")).ShouldBeNull();
        bench.Answer("Hi!  How can I help?");
        await SettledAsync(bench, withRedis);
        bench.Clock.Pass(TimeSpan.FromSeconds(1));
        (await bench.TextAsync("hi! how can I HELP? ")).ShouldBe(new Refusal("ignored", "loop_echo"));
        await ShouldBeMutedAsync(bench, "echo");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Machine_that_answers_within_seconds_gets_at_most_five_replies(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, Defaults, Roomy);
        var replies = 0;
        for (var count = 0; count < 60; count++)
        {
            var refusal = await bench.TextAsync($"ping {count}");
            if (refusal?.Why == "loop_too_quick")
                break;
            if (refusal is null)
            {
                replies++;
                bench.Answer($"pong {count}");
                await SettledAsync(bench, withRedis);
            }

            bench.Clock.Pass(TimeSpan.FromSeconds(1));
        }

        replies.ShouldBe(5);
        await ShouldBeMutedAsync(bench, "too_quick");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Machine_that_takes_its_time_gets_five_replies_a_minute_and_thirty_an_hour(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, Defaults, Roomy);
        List<DateTimeOffset> replies = [];
        var notices = 0;
        for (var count = 0; count < 1_800; count++)
        {
            var refusal = await bench.TextAsync($"ping {count}");
            if (refusal is null)
                replies.Add(bench.Clock.GetUtcNow());
            notices += refusal?.Notice is null ? 0 : 1;
            bench.Clock.Pass(TimeSpan.FromSeconds(2));
        }

        replies.Max(at => replies.Count(other => other >= at && other < at + TimeSpan.FromMinutes(1))).ShouldBe(5);
        replies.Count.ShouldBe(30);
        notices.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Same_text_three_times_in_ten_minutes_mutes_its_sender(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, Defaults, Roomy);
        (await bench.TextAsync("Is anybody there?")).ShouldBeNull();
        bench.Clock.Pass(TimeSpan.FromMinutes(4));
        (await bench.TextAsync("something else")).ShouldBeNull();
        (await bench.TextAsync("is anybody  there?")).ShouldBeNull();
        bench.Clock.Pass(TimeSpan.FromMinutes(4));
        (await bench.TextAsync("IS ANYBODY THERE?")).ShouldBe(new Refusal("ignored", "loop_same_text"));
        await ShouldBeMutedAsync(bench, "same_text");

        bench.Clock.Pass(TimeSpan.FromHours(1));
        (await bench.TextAsync("Is anybody there?")).ShouldBeNull("after the mute everything begins anew");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Same_text_now_and_then_is_answered(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, Defaults, Roomy);
        for (var count = 0; count < 12; count++)
        {
            (await bench.TextAsync("Weather?")).ShouldBeNull();
            bench.Clock.Pass(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pictures_without_words_are_no_repeats(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, Defaults, Roomy);
        for (var count = 0; count < 5; count++)
            (await bench.TextAsync(" ")).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Burst_of_a_quick_typist_is_no_loop(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, new LoopGuardOptions { RepliesPerMinute = 0, PerHour = 0, PerDay = 0 }, Roomy);
        for (var count = 0; count < 10; count++)
        {
            // Three texts in one breath; only the first follows our answer, and a human took her time for it.
            (await bench.TextAsync($"one {count}")).ShouldBeNull();
            (await bench.TextAsync($"two {count}")).ShouldBeNull();
            bench.Answer($"answer {count}");
            await SettledAsync(bench, withRedis);
            (await bench.TextAsync($"three {count}")).ShouldBeNull();
            bench.Clock.Pass(TimeSpan.FromSeconds(3));
            bench.Answer($"late answer {count}");
            await SettledAsync(bench, withRedis);
            bench.Clock.Pass(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task Switched_off_guard_lets_everything_pass()
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: true, new LoopGuardOptions { Enabled = false }, [("free", 0, 0)]);
        for (var count = 0; count < 50; count++)
            (await bench.TextAsync("ping")).ShouldBeNull();
    }

    [Fact]
    public async Task Mute_is_an_hour_and_never_shortens_a_longer_one()
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: false, new LoopGuardOptions { SameText = 2 }, Roomy);
        await bench.Database.ExecuteAsync("update users set muted_until = now() + interval '5 hours'");
        await bench.TextAsync("ping");
        (await bench.TextAsync("ping")).ShouldNotBeNull();
        (await bench.Database.ScalarAsync<bool>("select muted_until > now() + interval '4 hours' from users")).ShouldBeTrue();
    }

    /// <summary>Telling of an answer waits for nobody, so a test waits until it has arrived.</summary>
    private static async Task SettledAsync(LimitsBench bench, bool withRedis)
    {
        if (withRedis)
            await bench.Redis.TryAsync(database => database.PingAsync(), CancellationToken.None);
    }

    private static async Task ShouldBeMutedAsync(LimitsBench bench, string why)
    {
        (await bench.Database.ScalarAsync<bool>("select muted_until between now() + interval '59 minutes' and now() + interval '1 hour' from users where id = $1", bench.UserId))
            .ShouldBeTrue();
        (await bench.Database.ListAsync<string>("select error_type || ' ' || severity || ' ' || (metadata->>'why') from error_logs where user_id = $1", bench.UserId))
            .ShouldBe([$"loop HIGH {why}"]);
    }
}
