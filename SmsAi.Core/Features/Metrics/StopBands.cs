namespace SmsAi.Core.Features.Metrics;

/// <summary>One flip of a switch, as the bands are made of.</summary>
internal sealed record Flip(string Switch, bool IsStopped, DateTimeOffset At, string By, string Reason);

/// <summary>Turns flips into the stretches of time between them.</summary>
internal static class StopBands
{
    /// <summary>From flips in their order (with the last of each switch before <paramref name="from"/>); a stop whose time ran out ends by itself.</summary>
    public static IReadOnlyList<StopBand> Of(
        IEnumerable<Flip> flips, IReadOnlyDictionary<string, DateTimeOffset> endsAt, DateTimeOffset from, DateTimeOffset now)
    {
        List<StopBand> bands = [];
        foreach (var ofSwitch in flips.GroupBy(flip => flip.Switch))
        {
            Flip? open = null;
            foreach (var flip in ofSwitch.Append(null))
            {
                if (open is not null && Band(open, flip, endsAt, from, now) is { } band)
                    bands.Add(band);
                open = flip is { IsStopped: true } ? flip : null;
            }
        }

        return [.. bands.OrderBy(band => band.From)];
    }

    private static StopBand? Band(Flip open, Flip? next, IReadOnlyDictionary<string, DateTimeOffset> endsAt, DateTimeOffset from, DateTimeOffset now)
    {
        DateTimeOffset? until = next?.At ?? (endsAt.TryGetValue(open.Switch, out var end) && end <= now ? end : null);
        return until <= from ? null : new(open.Switch, open.At > from ? open.At : from, until, open.By, open.Reason);
    }
}
