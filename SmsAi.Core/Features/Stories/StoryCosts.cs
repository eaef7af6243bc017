using Npgsql;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Stories;

/// <summary>Splits what a message cost into lines that add up to what was booked.</summary>
internal static class StoryCosts
{
    // Each line is rounded up by itself; the lines of one answer may be that much more than their sum.
    private const long Rounding = 3;

    public static IReadOnlyList<StoryCost> Of(StoryRow outbound, PriceTable? prices)
    {
        List<StoryCost> costs = [];
        if (outbound.Model is { } model)
            costs.AddRange(OfModel(outbound, model, prices));
        if (outbound.CarrierMicros > 0)
            costs.Add(new(outbound.Segments == 1 ? "SMS, 1 segment" : $"SMS, {outbound.Segments} segments", outbound.CarrierMicros));
        return costs;
    }

    public static Price Price(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1),
        row.GetString(2) switch { "cached_input" => PriceUsage.CachedInput, "output" => PriceUsage.Output, _ => PriceUsage.Input },
        row.GetInt64(3), row.GetFieldValue<DateOnly>(4));

    private static StoryCost[] OfModel(StoryRow outbound, string model, PriceTable? prices)
    {
        var cached = Math.Clamp(outbound.TokensCached, 0, outbound.TokensIn);
        StoryCost[] lines =
        [
            new($"Input, {Count(outbound.TokensIn - cached)} fresh", Micros(outbound.TokensIn - cached, 0, 0)),
            new($"Input, {Count(cached)} cached", Micros(cached, cached, 0)),
            new($"Output, {Count(outbound.TokensOut)}", Micros(0, 0, outbound.TokensOut)),
        ];
        var difference = outbound.ModelMicros - lines.Sum(line => line.Micros);
        if (prices is null || Math.Abs(difference) > Rounding)
            return [new($"Model, {Count(outbound.TokensIn)} tokens in, {Count(outbound.TokensOut)} out", outbound.ModelMicros)];

        var largest = Array.IndexOf(lines, lines.MaxBy(line => line.Micros));
        lines[largest] = lines[largest] with { Micros = lines[largest].Micros + difference };
        return cached == 0 ? [lines[0], lines[2]] : lines;

        long Micros(int input, int cachedInput, int output) => prices?.Cost(model, new ModelUsage(input, cachedInput, output, 0)).Micros ?? 0;
    }

    private static string Count(int tokens) => NumberText.Of(tokens);
}
