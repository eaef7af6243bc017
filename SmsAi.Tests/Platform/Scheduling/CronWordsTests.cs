using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Tests.Platform.Scheduling;

/// <summary>Schedules as people say them.</summary>
public sealed class CronWordsTests
{
    [Theory]
    [InlineData("* * * * * ?", "Every second")]
    [InlineData("0/5 * * * * ?", "Every 5 seconds")]
    [InlineData("0 * * * * ?", "Every minute")]
    [InlineData("45 * * * * ?", "Every minute, at second 45")]
    [InlineData("0 0/10 * * * ?", "Every 10 minutes")]
    [InlineData("0 */1 * * * ?", "Every minute")]
    [InlineData("0 5 * * * ?", "Every hour, at minute 5")]
    [InlineData("0 5 0/6 * * ?", "Every 6 hours, at minute 5")]
    [InlineData("0 10 0 * * ?", "Every day at 00:10 UTC")]
    [InlineData("0 30 4 ? * SUN", "Every Sunday at 04:30 UTC")]
    [InlineData("0 30 4 ? * 2", "Every Monday at 04:30 UTC")]
    [InlineData("0 0 4 1 * ?", "On day 1 of each month at 04:00 UTC")]
    [InlineData("0 0 4,16 * * ?", "0 0 4,16 * * ?, UTC")]
    [InlineData("0 0 4 1 1 ? 2099", "0 0 4 1 1 ? 2099, UTC")]
    public void Expression_is_said_in_words_or_shown_as_it_is(string cron, string words) => CronWords.Of(cron).ShouldBe(words);
}
