using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Pipeline.Delivery;

public sealed class SendPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Without_a_rate_everything_may_go()
    {
        var pace = Pace(0);

        pace.Take(5_000).ShouldBe(5_000);
        pace.UntilNext().ShouldBe(TimeSpan.Zero);
        pace.CurrentRate.ShouldBeNull();
    }

    [Fact]
    public void A_rate_holds_over_ten_seconds()
    {
        var pace = Pace(20);
        var sent = 0;
        for (var i = 0; i < 100; i++)
        {
            _time.Pass(TimeSpan.FromMilliseconds(100));
            sent += pace.Take(50);
        }

        sent.ShouldBeInRange(199, 201);
    }

    [Fact]
    public void A_rate_changed_meanwhile_holds_from_then_on()
    {
        var settings = new TwilioOptions();
        var pace = new SendPace(Options.Create(settings), _time);
        pace.Take(1_000).ShouldBe(1_000);

        settings.MessagesPerSecond = 10;
        var sent = 0;
        for (var i = 0; i < 100; i++)
        {
            _time.Pass(TimeSpan.FromMilliseconds(100));
            sent += pace.Take(50);
        }

        sent.ShouldBeInRange(98, 102);
        settings.MessagesPerSecond = 0;
        pace.Take(1_000).ShouldBe(1_000);
    }

    [Fact]
    public void Less_than_one_a_second_still_sends()
    {
        var pace = Pace(0.5);

        pace.Take(3).ShouldBe(1);
        pace.Take(3).ShouldBe(0);
        pace.UntilNext().ShouldBe(TimeSpan.FromSeconds(2));
        _time.Pass(TimeSpan.FromSeconds(2));
        pace.Take(3).ShouldBe(1);
    }

    [Fact]
    public void An_unused_permission_goes_back()
    {
        var pace = Pace(10);
        _time.Pass(TimeSpan.FromSeconds(1));
        pace.Take(10).ShouldBe(10);

        pace.GiveBack(4);

        pace.Take(10).ShouldBe(4);
    }

    [Fact]
    public void Too_fast_halves_the_rate_once_a_second_and_ten_seconds_later_it_is_back()
    {
        var pace = Pace(100);
        _time.Pass(TimeSpan.FromSeconds(1));

        for (var i = 0; i < 30; i++)
            pace.SlowDown();

        pace.CurrentRate.ShouldBe(50);
        _time.Pass(TimeSpan.FromSeconds(1));
        pace.CurrentRate!.Value.ShouldBe(60, 0.001);
        _time.Pass(TimeSpan.FromSeconds(4));
        pace.CurrentRate.ShouldBe(100);
    }

    [Fact]
    public void Without_a_rate_too_fast_halves_what_went_out_and_ten_seconds_later_nothing_limits()
    {
        var pace = Pace(0);
        for (var second = 0; second < 3; second++)
        {
            pace.Take(80);
            _time.Pass(TimeSpan.FromSeconds(1));
        }

        pace.SlowDown();

        pace.CurrentRate!.Value.ShouldBe(40, 1);
        _time.Pass(TimeSpan.FromSeconds(1));
        pace.Take(1_000).ShouldBeInRange(40, 50);
        _time.Pass(TimeSpan.FromSeconds(9));
        pace.CurrentRate.ShouldBeNull();
        pace.Take(1_000).ShouldBe(1_000);
    }

    [Fact]
    public void Constant_complaints_never_stop_it_entirely()
    {
        var pace = Pace(4);
        for (var i = 0; i < 60; i++)
        {
            pace.SlowDown();
            _time.Pass(TimeSpan.FromSeconds(1));
        }

        pace.CurrentRate!.Value.ShouldBeGreaterThanOrEqualTo(0.5);
        _time.Pass(TimeSpan.FromSeconds(2));
        pace.Take(1).ShouldBe(1);
    }

    private SendPace Pace(double rate) => new(Options.Create(new TwilioOptions { MessagesPerSecond = rate }), _time);
}
