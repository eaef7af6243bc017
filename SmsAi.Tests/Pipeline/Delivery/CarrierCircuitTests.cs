using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Pipeline.Delivery;

public sealed class CarrierCircuitTests
{
    private static readonly SendResult Fault = new SendResult.ConfigurationFault(20003, "Authenticate");
    private static readonly SendResult Accepted = new SendResult.Accepted("SM1", "queued", 1, null);

    private readonly ManualTime time = new();
    private readonly CarrierCircuit circuit;

    public CarrierCircuitTests() => circuit = new CarrierCircuit(time, NullLogger<CarrierCircuit>.Instance);

    [Fact]
    public void Everything_may_go_while_the_account_is_fine()
    {
        circuit.Observe(Accepted);
        circuit.Observe(new SendResult.Uncertain("no answer in time"));

        circuit.Allow(100).ShouldBe(100);
        circuit.Open.ShouldBeNull();
    }

    [Fact]
    public void A_refused_account_holds_everything_and_says_since_when()
    {
        circuit.Observe(Fault);

        circuit.Allow(100).ShouldBe(0);
        circuit.Open.ShouldBe(new CarrierCircuit.Opening(20003, "Authenticate", time.GetUtcNow()));
        circuit.UntilNext().ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void One_text_probes_each_half_minute()
    {
        circuit.Observe(Fault);

        time.Pass(TimeSpan.FromSeconds(30));
        circuit.Allow(100).ShouldBe(1);
        circuit.Allow(100).ShouldBe(0);
        circuit.Observe(Fault);
        time.Pass(TimeSpan.FromSeconds(29));
        circuit.Allow(100).ShouldBe(0);
        time.Pass(TimeSpan.FromSeconds(1));
        circuit.Allow(100).ShouldBe(1);
    }

    [Fact]
    public void A_probe_that_gets_through_lets_everything_flow()
    {
        circuit.Observe(Fault);
        time.Pass(TimeSpan.FromSeconds(30));
        circuit.Allow(1);

        circuit.Observe(Accepted);

        circuit.Open.ShouldBeNull();
        circuit.Allow(100).ShouldBe(100);
    }

    [Fact]
    public void An_answer_that_proves_nothing_keeps_it_shut()
    {
        circuit.Observe(Fault);

        circuit.Observe(new SendResult.Uncertain("the carrier answered 503"));
        circuit.Observe(new SendResult.NotSent("connection refused"));

        circuit.Open.ShouldNotBeNull();
    }
}
