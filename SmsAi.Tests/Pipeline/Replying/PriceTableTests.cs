using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Tests.Pipeline.Replying;

public sealed class PriceTableTests
{
    private static readonly Price[] Prices =
    [
        new("openai", "gpt-4o-mini", PriceUsage.Input, 150_000, new DateOnly(2024, 7, 18)),
        new("openai", "gpt-4o-mini", PriceUsage.CachedInput, 75_000, new DateOnly(2024, 10, 1)),
        new("openai", "gpt-4o-mini", PriceUsage.Output, 600_000, new DateOnly(2024, 7, 18)),
        new("openai", "gpt-4", PriceUsage.Input, 30_000_000, new DateOnly(2023, 3, 14)),
        new("openai", "gpt-4", PriceUsage.Output, 60_000_000, new DateOnly(2023, 3, 14)),
        new("openai", "gpt-3.5-turbo", PriceUsage.Input, 1_500_000, new DateOnly(2023, 6, 13)),
        new("openai", "gpt-3.5-turbo", PriceUsage.Output, 2_000_000, new DateOnly(2023, 6, 13)),
        new("openai", "gpt-3.5-turbo", PriceUsage.Input, 500_000, new DateOnly(2024, 1, 25)),
        new("openai", "gpt-3.5-turbo", PriceUsage.Output, 1_500_000, new DateOnly(2024, 1, 25)),
    ];

    // 300 × $0.15 + 100 × $0.60 per million = $0.000105, the documents' own example, which is nothing in cents.
    [Theory]
    [InlineData("gpt-4o-mini", 300, 0, 100, 105, true)]
    [InlineData("gpt-4o-mini-2024-07-18", 300, 0, 100, 105, true)]
    // 100 × 0.15 + 200 × 0.075 + 100 × 0.60
    [InlineData("gpt-4o-mini", 300, 200, 100, 90, true)]
    // A service that counts more cached tokens than input doesn't make it negative.
    [InlineData("gpt-4o-mini", 100, 500, 0, 8, true)]
    // One token costs a fraction of a micro-dollar, and is never free.
    [InlineData("gpt-4o-mini", 1, 0, 0, 1, true)]
    [InlineData("gpt-4o-mini", 0, 0, 0, 0, true)]
    // No price for cached tokens: they cost as much as the others.
    [InlineData("gpt-4-0613", 1000, 500, 0, 30_000, true)]
    [InlineData("GPT-3.5-Turbo-0125", 1_000_000, 0, 0, 500_000, true)]
    // Unknown: the dearest of each kind.
    [InlineData("gpt-4-turbo", 1000, 0, 1000, 90_000, false)]
    [InlineData("llama-9", 1000, 0, 1000, 90_000, false)]
    public void An_answer_costs(string model, int input, int cached, int output, long micros, bool known) =>
        new PriceTable(Prices, new DateOnly(2026, 1, 1)).Cost(model, new ModelUsage(input, cached, output, 0)).ShouldBe(new ModelCost(micros, known));

    [Fact]
    public void A_price_counts_from_its_day_on()
    {
        var usage = new ModelUsage(1_000_000, 0, 0, 0);

        new PriceTable(Prices, new DateOnly(2024, 1, 24)).Cost("gpt-3.5-turbo", usage).Micros.ShouldBe(1_500_000);
        new PriceTable(Prices, new DateOnly(2024, 1, 25)).Cost("gpt-3.5-turbo", usage).Micros.ShouldBe(500_000);
    }

    [Fact]
    public void Without_any_price_an_answer_is_not_free() =>
        new PriceTable([], new DateOnly(2026, 1, 1)).Cost("gpt-4o-mini", new ModelUsage(1000, 0, 1000, 0))
            .ShouldBe(new ModelCost(90_000, IsPriceKnown: false));
}
