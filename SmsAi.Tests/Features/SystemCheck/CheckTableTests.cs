using Bunit;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Web.Features.SystemCheck;

namespace SmsAi.Tests.Features.SystemCheck;

/// <summary>The system check says what was asked, the literal answer, and the way out.</summary>
public sealed class CheckTableTests : BunitContext
{
    private static readonly CheckResult Well = new("Clock", CheckStatus.Ok, "select clock_timestamp()", "0.000 s ahead of this machine");
    private static readonly CheckResult Doubtful = new("Redis", CheckStatus.Warn, "ConnectionStrings:Redis", "not set", "One replica does without it.");
    private static readonly CheckResult Broken = new("Model", CheckStatus.Fail, "GET …/models/gpt-4o-mini", "401 in 63 ms", "Check OpenAI:ApiKey.");

    [Fact]
    public void Each_check_has_its_mark_question_and_literal_answer()
    {
        var table = Render<CheckTable>(p => p.Add(part => part.Results, [Well, Doubtful, Broken]));

        table.FindAll("tbody tr").Select(row => (
            row.QuerySelector("svg")!.GetAttribute("aria-label"), row.QuerySelector("b")!.TextContent, row.QuerySelector(".asked")!.TextContent.Trim(),
            row.QuerySelector(".answer code")!.TextContent, row.QuerySelector(".way-out")?.TextContent)).ShouldBe(
        [
            ("Well", "Clock", "select clock_timestamp()", "0.000 s ahead of this machine", null),
            ("Wants a look", "Redis", "ConnectionStrings:Redis", "not set", "One replica does without it."),
            ("Failed", "Model", "GET …/models/gpt-4o-mini", "401 in 63 ms", "Check OpenAI:ApiKey."),
        ]);
    }

    [Fact]
    public void Before_the_first_answer_grey_bars_stand_in_the_columns() =>
        Render<CheckTable>(p => p.Add(part => part.Results, null)).FindAll("tbody tr[aria-hidden] .skeleton").ShouldNotBeEmpty();

    [Theory]
    [MemberData(nameof(Sums))]
    public void Sum_is_one_sentence(CheckStatus[] statuses, string sentence) =>
        Render<CheckSum>(p => p.Add(part => part.Results, [.. statuses.Select(status => Well with { Status = status })]))
            .Find(".state").TextContent.ShouldBe(sentence);

    public static TheoryData<CheckStatus[], string> Sums => new()
    {
        { [CheckStatus.Ok, CheckStatus.Ok], "All 2 checks are well." },
        { [CheckStatus.Ok, CheckStatus.Warn], "1 of 2 wants a look." },
        { [CheckStatus.Fail, CheckStatus.Ok], "1 of 2 failed." },
        { [CheckStatus.Fail, CheckStatus.Warn, CheckStatus.Warn], "1 of 3 failed, 2 more want a look." },
    };
}
