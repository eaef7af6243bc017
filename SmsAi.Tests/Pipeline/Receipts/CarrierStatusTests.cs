using SmsAi.Core.Pipeline.Receipts;

namespace SmsAi.Tests.Pipeline.Receipts;

/// <summary>The order of delivery reports.</summary>
public sealed class CarrierStatusTests
{
    [Theory]
    [InlineData("accepted", 10, "sent", false, false)]
    [InlineData("scheduled", 10, "sent", false, false)]
    [InlineData("queued", 20, "sent", false, false)]
    [InlineData("sending", 30, "sent", false, false)]
    [InlineData("sent", 40, "sent", false, false)]
    [InlineData("partially_delivered", 45, "partly_delivered", false, false)]
    [InlineData("undelivered", 50, "undelivered", true, true)]
    [InlineData("failed", 50, "failed", true, true)]
    [InlineData("canceled", 50, "cancelled", true, true)]
    [InlineData("delivered", 60, "delivered", true, false)]
    [InlineData("Read", 70, "read", true, false)]
    public void Status_has_its_rank_and_state(string word, int rank, string state, bool isFinal, bool isFailure)
    {
        var status = CarrierStatus.Find(word).ShouldNotBeNull();
        (status.Rank, status.State, status.IsFinal, status.IsFailure).ShouldBe((rank, state, isFinal, isFailure));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("received")]
    [InlineData("exploded")]
    public void Other_words_are_no_status(string? word) => CarrierStatus.Find(word).ShouldBeNull();

    [Fact]
    public void Reports_in_any_order_end_at_the_best_evidence()
    {
        string[] reports = ["queued", "sending", "sent", "undelivered", "failed", "delivered"];
        var random = new Random(20266);
        for (var round = 0; round < 200; round++)
        {
            random.Shuffle(reports);
            var (rank, state) = (CarrierStatus.PendingRank, "pending");
            foreach (var report in reports.Concat(reports))
                if (CarrierStatus.Find(report) is { } status && status.Outranks(rank)) (rank, state) = (status.Rank, status.State);
            state.ShouldBe("delivered");
        }
    }

    [Fact]
    public void First_failure_stays_and_a_late_sent_changes_nothing()
    {
        CarrierStatus.Find("failed")!.Outranks(CarrierStatus.Find("undelivered")!.Rank).ShouldBeFalse();
        CarrierStatus.Find("sent")!.Outranks(CarrierStatus.Find("delivered")!.Rank).ShouldBeFalse();
        CarrierStatus.Find("sent")!.Outranks(CarrierStatus.SentRank).ShouldBeFalse();
    }

    [Fact]
    public void Words_for_people_are_words() =>
        CarrierStatus.Known.Select(status => status.Words).ShouldAllBe(words => words.All(letter => char.IsLower(letter) || letter == ' '));
}
