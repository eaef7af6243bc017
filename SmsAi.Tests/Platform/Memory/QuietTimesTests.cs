using System.Globalization;
using SmsAi.Core.Platform.Memory;

namespace SmsAi.Tests.Platform.Memory;

/// <summary>When memory is given back, by megabytes allocated since the start at each look.</summary>
public sealed class QuietTimesTests
{
    [Theory]
    [InlineData("a start that allocates little is left alone", "20 21 22 23", "")]
    [InlineData("quiet after a busy time", "200 400 600 601", "601")]
    [InlineData("once, however long it is quiet", "200 400 401 402 403 470", "401")]
    [InlineData("never while it is busy", "100 200 300 400 500 600", "")]
    [InlineData("again after the next busy time", "200 201 300 301", "201 301")]
    [InlineData("what little uses at long last", "200 201 205 209 213 217 221 225 229 233 237", "201 233")]
    public void Memory_is_given_back_when_it_is_quiet_after_a_busy_time(string why, string allocated, string given)
    {
        var quiet = new QuietTimes();

        string.Join(' ', allocated.Split(' ').Where(megabytes => quiet.IsWorthIt(long.Parse(megabytes, CultureInfo.InvariantCulture) << 20))).ShouldBe(given, why);
    }
}
