using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Pipeline.Delivery;

public sealed class CarrierCircuitTests
{
    private static readonly SendResult Fault = new SendResult.ConfigurationFault(20003, "Authenticate");
    private static readonly SendResult NotSent = new SendResult.NotSent("connection refused");
    private static readonly SendResult Accepted = new SendResult.Accepted("SM1", "queued", 1, null);

    private readonly ManualTime _time = new();
    private readonly CarrierCircuit _circuit;

    public CarrierCircuitTests() => _circuit = new CarrierCircuit(_time, NullLogger<CarrierCircuit>.Instance);

    [Fact]
    public void Everything_may_go_while_the_account_is_fine()
    {
        _circuit.Observe(Accepted);
        _circuit.Observe(new SendResult.Uncertain("no answer in time"));

        _circuit.Allow(100).ShouldBe(100);
        _circuit.Open.ShouldBeNull();
    }

    [Fact]
    public void A_refused_account_holds_everything_and_says_since_when()
    {
        _circuit.Observe(Fault);

        _circuit.Allow(100).ShouldBe(0);
        _circuit.Open.ShouldBe(new CarrierCircuit.Opening(CarrierTrouble.RefusesAccount, 20003, "Authenticate", _time.GetUtcNow()));
        _circuit.UntilNext().ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void One_text_probes_each_half_minute()
    {
        _circuit.Observe(Fault);

        _time.Pass(TimeSpan.FromSeconds(30));
        _circuit.Allow(100).ShouldBe(1);
        _circuit.Allow(100).ShouldBe(0);
        _circuit.Observe(Fault);
        _time.Pass(TimeSpan.FromSeconds(29));
        _circuit.Allow(100).ShouldBe(0);
        _time.Pass(TimeSpan.FromSeconds(1));
        _circuit.Allow(100).ShouldBe(1);
    }

    [Fact]
    public void A_probe_that_gets_through_lets_everything_flow()
    {
        _circuit.Observe(Fault);
        _time.Pass(TimeSpan.FromSeconds(30));
        _circuit.Allow(1);

        _circuit.Observe(Accepted);

        _circuit.Open.ShouldBeNull();
        _circuit.Allow(100).ShouldBe(100);
    }

    [Fact]
    public void An_answer_that_proves_nothing_keeps_it_shut()
    {
        _circuit.Observe(Fault);

        _circuit.Observe(new SendResult.Uncertain("the carrier answered 503"));
        _circuit.Observe(new SendResult.Throttled(TimeSpan.FromSeconds(1), 20429));
        _circuit.Observe(NotSent);

        _circuit.Open.ShouldNotBeNull().Trouble.ShouldBe(CarrierTrouble.RefusesAccount);
        _circuit.UntilNext().ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_carrier_out_of_reach_is_probed_after_a_second_and_then_ever_more_rarely()
    {
        _circuit.Observe(NotSent);
        // Others were on their way just then.
        _circuit.Observe(NotSent);
        _circuit.Allow(100).ShouldBe(0);

        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            _circuit.UntilNext().ShouldBe(TimeSpan.FromSeconds(seconds));
            _time.Pass(TimeSpan.FromSeconds(seconds));
            _circuit.Allow(100).ShouldBe(1);
            _circuit.Allow(100).ShouldBe(0);
            _circuit.Observe(NotSent);
        }

        _time.Pass(TimeSpan.FromSeconds(30));
        _circuit.Allow(1).ShouldBe(1);
        _circuit.Observe(new SendResult.Throttled(TimeSpan.FromSeconds(1), 20429));
        _circuit.Allow(100).ShouldBe(100);
    }

    [Fact]
    public void An_account_that_is_refused_once_the_carrier_is_reached_is_what_is_told()
    {
        _circuit.Observe(NotSent);

        _circuit.Observe(Fault);

        _circuit.Open.ShouldNotBeNull().Trouble.ShouldBe(CarrierTrouble.RefusesAccount);
        _circuit.UntilNext().ShouldBe(TimeSpan.FromSeconds(30));
    }
}
