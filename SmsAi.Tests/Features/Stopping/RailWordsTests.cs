using SmsAi.Core.Features.Stopping;
using SmsAi.Web.Features.Stopping;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>How the minutes' proofs become the bars on the rail.</summary>
public sealed class RailWordsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Minute_without_a_check_is_missed_but_not_before_the_first_nor_while_it_runs()
    {
        var evidence = new StopEvidence(Noon, null, [Minute(0), Minute(1, slow: true), Minute(3), Minute(4, held: 1)]);

        RailWords.Beats(evidence, Noon.AddMinutes(5).AddSeconds(20), 14)
            .ShouldBe([Heartbeat.InTime, Heartbeat.Late, Heartbeat.Missed, Heartbeat.InTime, Heartbeat.Missed]);
    }

    [Fact]
    public void Service_that_stopped_checking_shows_it_minute_by_minute() =>
        RailWords.Beats(new StopEvidence(Noon, null, [Minute(0)]), Noon.AddMinutes(4), 3).ShouldBe([Heartbeat.Missed, Heartbeat.Missed, Heartbeat.Missed]);

    [Fact]
    public void Before_the_first_check_there_is_nothing_to_show() => RailWords.Beats(StopEvidence.None, Noon, 14).ShouldBeEmpty();

    private static StopMinute Minute(int at, bool slow = false, int held = 2) =>
        new(Noon.AddMinutes(at), 2, held, IsInTime: !slow && held == 2, TimeSpan.FromMilliseconds(slow ? 400 : 9));
}
