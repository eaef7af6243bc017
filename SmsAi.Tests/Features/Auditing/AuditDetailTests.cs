using SmsAi.Core.Features.Auditing;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>What people read of a line's metadata.</summary>
public sealed class AuditDetailTests
{
    [Fact]
    public void Before_and_after_become_a_diff_in_the_order_they_were_written()
    {
        var detail = AuditDetail.Of("""
            {"reason": "Launch week", "correlation": "4bf9", "version": 7,
             "before": {"perMinute": 10, "per_month": 1200, "models": ["a", "b"], "quiet": {"from": "22:00"}},
             "after": {"perMinute": 10, "per_month": 1500, "models": ["a"], "blocked": true}}
            """);

        (detail.Reason, detail.Correlation).ShouldBe(("Launch week", "4bf9"));
        detail.Changes.ShouldBe(
        [
            new(AuditDiffKind.Same, "per minute", "10"),
            new(AuditDiffKind.Before, "per month", "1200"), new(AuditDiffKind.After, "per month", "1500"),
            new(AuditDiffKind.Before, "models", "a, b"), new(AuditDiffKind.After, "models", "a"),
            new(AuditDiffKind.After, "blocked", "yes"),
            new(AuditDiffKind.Before, "quiet from", "22:00"),
        ]);
        detail.Notes.ShouldBe([KeyValuePair.Create("version", "7")]);
    }

    [Theory]
    [InlineData("""{"before": "free", "after": "premium"}""", "free", "premium")]
    [InlineData("""{"before": null, "after": "premium"}""", null, "premium")]
    public void Single_values_are_a_diff_too(string metadata, string? before, string after) =>
        AuditDetail.Of(metadata).Changes.ShouldBe(
        [
            .. before is null ? Array.Empty<AuditDiffLine>() : [new AuditDiffLine(AuditDiffKind.Before, "value", before)],
            new AuditDiffLine(AuditDiffKind.After, "value", after),
        ]);

    [Fact]
    public void Long_list_is_cut_and_says_by_how_much()
    {
        var value = AuditDetail.Of($$$"""{"before": {"free": [{{{string.Join(',', Enumerable.Range(1, 1_234))}}}]}}""").Changes.ShouldHaveSingleItem().Value;

        value.ShouldStartWith("1, 2, 3, ");
        value.ShouldEndWith(", 20 and 1,214 more");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    public void Metadata_of_another_shape_is_an_empty_detail(string metadata)
    {
        var detail = AuditDetail.Of(metadata);

        (detail.Reason, detail.Correlation, detail.Changes.Count, detail.Notes.Count).ShouldBe((null, null, 0, 0));
    }
}
