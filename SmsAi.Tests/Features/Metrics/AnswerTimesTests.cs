using SmsAi.Core.Features.Metrics;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The histogram of answer times: which bucket, which quantile.</summary>
public sealed class AnswerTimesTests
{
    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(10, 0)]
    [InlineData(11, 1)]
    [InlineData(1_000, 20)]
    [InlineData(1_001, 21)]
    [InlineData(1_400, 22)]
    [InlineData(120_000, 40)]
    [InlineData(120_001, 41)]
    [InlineData(long.MaxValue, 41)]
    public void Duration_falls_into_the_first_bucket_it_does_not_exceed(long milliseconds, int bucket) =>
        AnswerTimes.BucketOf(milliseconds).ShouldBe(bucket);

    [Fact]
    public void Buckets_are_as_many_as_the_stored_rows_were_made_for() => AnswerTimes.Buckets.ShouldBe(42);

    [Fact]
    public void Quantile_of_nothing_is_nothing() => AnswerTimes.Quantile([], 0.5).ShouldBeNull();

    [Theory]
    // 10 answers of 1.0 to 1.3 s and 10 of 2.0 to 2.5 s: the middle is the end of the first bucket, 95 % is nine tenths into the second.
    [InlineData(0.5, 1_300)]
    [InlineData(0.95, 2_450)]
    [InlineData(0.25, 1_150)]
    [InlineData(1.0, 2_500)]
    public void Quantile_is_read_within_its_bucket(double share, int milliseconds)
    {
        var counts = new int[42];
        counts[21] = 10;
        counts[24] = 10;
        AnswerTimes.Quantile(counts, share).ShouldBe(milliseconds);
    }

    [Fact]
    public void Quantile_beyond_the_last_bound_is_that_bound()
    {
        var counts = new int[42];
        counts[41] = 3;
        AnswerTimes.Quantile(counts, 0.5).ShouldBe(120_000);
    }
}
