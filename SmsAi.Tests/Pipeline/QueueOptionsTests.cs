using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Tests.Pipeline;

/// <summary>Times under which nothing would ever leave, or be resolved, are refused by their names.</summary>
public sealed class QueueOptionsTests
{
    [Fact]
    public void What_stands_without_any_setting_is_right() => new QueueOptions().Faults().ShouldBeEmpty();

    [Theory]
    [InlineData("00:00:00", "00:15:00", "Queue:Settle")]
    [InlineData("-00:00:15", "00:15:00", "Queue:Settle")]
    [InlineData("00:11:00", "00:15:00", "Queue:Settle")]
    [InlineData("00:00:15", "00:00:14", "Queue:UncertainAtMost")]
    [InlineData("00:00:15", "2.00:00:00", "Queue:UncertainAtMost")]
    public void Times_of_an_uncertain_send_have_bounds(string settle, string atMost, string named)
    {
        var options = new QueueOptions { Settle = TimeSpan.Parse(settle, null), UncertainAtMost = TimeSpan.Parse(atMost, null) };

        options.Faults().ShouldHaveSingleItem().ShouldStartWith(named + " is ");
    }

    [Fact]
    public void Wait_before_a_retry_is_no_negative_one() =>
        new QueueOptions { RetryDelay = TimeSpan.FromSeconds(-1) }.Faults().ShouldHaveSingleItem().ShouldStartWith("Queue:RetryDelay is ");
}
