using SmsAi.Core.Features.Phone;

namespace SmsAi.Tests.Features.Phone;

/// <summary>The Phone page speaks for nobody's numbers alone.</summary>
public sealed class TestNumberTests
{
    [Theory]
    [InlineData("0115", "+15550100115", "(555) 010-0115")]
    [InlineData("+15550100111", "+15550100111", "(555) 010-0111")]
    [InlineData("(202) 555-0190", "+12025550190", "(202) 555-0190")]
    [InlineData(" 1 415.555.0123 ", "+14155550123", "(415) 555-0123")]
    public void Number_of_nobody_is_taken_in_any_common_spelling(string given, string canonical, string written)
    {
        TestNumber.TryParse(given, out var number).ShouldBeTrue();

        number.Canonical.ShouldBe(canonical);
        number.Written.ShouldBe(written);
    }

    [Theory]
    [InlineData("+14155552671", "somebody's")]
    [InlineData("+442079460123", "ten")]
    [InlineData("2025550290", "somebody's")]
    [InlineData("5550200111", "somebody's")]
    [InlineData("011", "four digits")]
    [InlineData("", "four digits")]
    [InlineData("mum", "digits")]
    public void Number_that_may_be_somebodys_is_refused_with_a_reason(string given, string reason)
    {
        TestNumber.TryParse(given, out _, out var fault).ShouldBeFalse();

        fault.ShouldContain(reason);
    }
}
