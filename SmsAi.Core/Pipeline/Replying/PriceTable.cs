using System.Collections.Frozen;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>What a price is for, as the prices table writes it.</summary>
public enum PriceUsage
{
    /// <summary><c>input</c>: tokens of the question.</summary>
    Input,

    /// <summary><c>cached_input</c>: tokens of the question the service had read before.</summary>
    CachedInput,

    /// <summary><c>output</c>: tokens of the answer, thinking included.</summary>
    Output,
}

/// <summary>One row of the prices table: micro-dollars for a million tokens, from a day on.</summary>
public sealed record Price(string Provider, string Model, PriceUsage Usage, long MicrosPerMillion, DateOnly ValidFrom);

/// <summary>The prices at one moment, and what an answer costs by them. A price is never guessed low: an unknown model costs as much as the dearest known.</summary>
public sealed class PriceTable
{
    private readonly FrozenDictionary<string, Rates> _models;
    private readonly Rates _dearest;

    /// <summary>Takes the newest price of each kind that is valid on the day.</summary>
    public PriceTable(IEnumerable<Price> prices, DateOnly today)
    {
        _models = prices
            .Where(price => price.ValidFrom <= today)
            .GroupBy(price => price.Model, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, RatesOf, StringComparer.OrdinalIgnoreCase);
        _dearest = _models.Count == 0
            // Without any price at all, the dearest model ever sold to us stands in.
            ? new Rates(30_000_000, 30_000_000, 60_000_000)
            : new Rates(_models.Values.Max(rates => rates.Input), _models.Values.Max(rates => rates.Cached), _models.Values.Max(rates => rates.Output));
    }

    /// <summary>What the tokens cost, in micro-dollars, rounded up; and whether the model's price is known.</summary>
    public ModelCost Cost(string model, ModelUsage usage)
    {
        var rates = Find(model);
        return new ModelCost((rates ?? _dearest).Micros(usage), rates is not null);
    }

    private Rates? Find(string model)
    {
        if (_models.TryGetValue(model, out var exact))
            return exact;
        // A dated model (gpt-4o-mini-2024-07-18) costs what its name without the date costs; gpt-4-turbo is not a gpt-4.
        return _models
            .Where(known => IsDated(model, known.Key))
            .OrderByDescending(known => known.Key.Length)
            .Select(known => known.Value)
            .FirstOrDefault();
    }

    private static bool IsDated(string model, string known) =>
        model.Length > known.Length && model[known.Length] == '-'
        && model.StartsWith(known, StringComparison.OrdinalIgnoreCase)
        && model.AsSpan(known.Length).TrimStart("0123456789-").IsEmpty;

    private static Rates RatesOf(IEnumerable<Price> prices)
    {
        var newest = prices.GroupBy(price => price.Usage)
            .ToDictionary(group => group.Key, group => group.MaxBy(price => price.ValidFrom)!.MicrosPerMillion);
        var input = newest.GetValueOrDefault(PriceUsage.Input);
        return new Rates(input, newest.GetValueOrDefault(PriceUsage.CachedInput, input), newest.GetValueOrDefault(PriceUsage.Output, input));
    }

    private sealed record Rates(long Input, long Cached, long Output)
    {
        public long Micros(ModelUsage usage)
        {
            // The service counts cached tokens within the input, and a miscounting one must not make it negative.
            var cached = Math.Clamp(usage.Cached, 0, Math.Max(0, usage.Input));
            var fresh = Math.Max(0, usage.Input) - cached;
            var total = (Int128)fresh * Input + (Int128)cached * Cached + (Int128)Math.Max(0, usage.Output) * Output;
            return (long)((total + 999_999) / 1_000_000);
        }
    }
}

/// <summary>What one answer cost, in micro-dollars.</summary>
public readonly record struct ModelCost(long Micros, bool IsPriceKnown);
