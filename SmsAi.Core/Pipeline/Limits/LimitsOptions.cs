using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>
/// How many answers a person gets (section <c>Limits</c>, one part for each tier's name). What stands here wins over the table of tiers;
/// 0 switches a limit off.
/// </summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>By the tier's name, without regard to case.</summary>
    public IDictionary<string, TierLimitOptions> Tiers { get; } = new Dictionary<string, TierLimitOptions>(StringComparer.OrdinalIgnoreCase);

    internal static void Read(LimitsOptions options, IConfiguration configuration)
    {
        foreach (var tier in configuration.GetSection(Section).GetChildren())
            options.Tiers[tier.Key] = new TierLimitOptions { PerMinute = Number(tier, nameof(TierLimitOptions.PerMinute)), PerDay = Number(tier, nameof(TierLimitOptions.PerDay)) };
    }

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, tier) in Tiers)
        {
            if (tier.PerMinute is < 0 or > 10_000)
                yield return $"{Section}:{name}:PerMinute must be a number between 0 (off) and 10000.";
            if (tier.PerDay is < 0 or > 1_000_000)
                yield return $"{Section}:{name}:PerDay must be a number between 0 (off) and 1000000.";
        }
    }

    // What is no number becomes -1, which Faults reports under its key.
    private static int? Number(IConfigurationSection tier, string key) => tier[key] switch
    {
        null or "" => null,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1,
    };
}

/// <summary>The limits of one tier as configured; null leaves the table's value.</summary>
public sealed class TierLimitOptions
{
    public int? PerMinute { get; set; }

    public int? PerDay { get; set; }
}
