using SmsAi.Core.Features.SystemCheck;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Features.SystemCheck;

/// <summary>What a replica remembers of each service.</summary>
public sealed class ServiceStatesTests
{
    private readonly ManualTime _clock = new();

    [Fact]
    public void State_keeps_its_beginning_while_it_stays_and_the_last_fault_after_it_is_over()
    {
        var states = new ServiceStates(_clock);
        var start = _clock.GetUtcNow();
        states.Note(ServiceStates.Redis, ServiceState.Up, TimeSpan.FromMilliseconds(1));
        _clock.Pass(TimeSpan.FromMinutes(2));
        states.Note(ServiceStates.Redis, ServiceState.Up, TimeSpan.FromMilliseconds(3));
        Redis(states).ShouldBe(new(ServiceStates.Redis, ServiceState.Up, start, TimeSpan.FromMilliseconds(3)));

        _clock.Pass(TimeSpan.FromMinutes(1));
        states.Note(ServiceStates.Redis, ServiceState.Down, error: "no answer to PING");
        Redis(states).ShouldBe(new(ServiceStates.Redis, ServiceState.Down, start.AddMinutes(3), null, "no answer to PING", start.AddMinutes(3)));

        _clock.Pass(TimeSpan.FromMinutes(1));
        states.Note(ServiceStates.Redis, ServiceState.Up, TimeSpan.FromMilliseconds(2));
        Redis(states).ShouldBe(new(ServiceStates.Redis, ServiceState.Up, start.AddMinutes(4), TimeSpan.FromMilliseconds(2), "no answer to PING", start.AddMinutes(3)));
    }

    [Fact]
    public void Of_several_replicas_the_worst_word_counts_and_the_one_that_says_it_is_named()
    {
        var (early, late) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1));

        var view = ServiceView.Of(ServiceStates.Twilio,
        [
            ("app-1", new(ServiceStates.Twilio, ServiceState.Up, early, TimeSpan.FromMilliseconds(40))),
            ("app-2", new(ServiceStates.Twilio, ServiceState.Down, late, null, "401", late)),
        ]);

        (view.State, view.Since, view.LastError, view.AskedBy).ShouldBe((ServiceState.Down, late, "401", 2));
        view.DownFor.ShouldBe(["app-2"]);
        ServiceView.Of(ServiceStates.Twilio, []).State.ShouldBe(ServiceState.Unknown);
    }

    private static ServiceState Redis(ServiceStates states) => states.All.Single(state => state.Name == ServiceStates.Redis);
}
