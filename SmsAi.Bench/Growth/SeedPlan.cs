namespace SmsAi.Bench.Growth;

/// <summary>
/// Which invented text comes when and from whom: so many messages, half of them answers, evenly over ninety days that end an hour before now, as
/// long as texts are kept; people in turn with uneven steps, so that no two texts of one person lie side by side.
/// </summary>
internal sealed record SeedPlan(int Messages, int People, DateTime Now)
{
    private const long Step = 7_919;

    private readonly long _step = StepFor(People);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Texts with their answers; an odd message is left out.</summary>
    public int Texts => Messages / 2;

    public DateTime Begin => Now - Pause - Kept;

    /// <summary>The first days of the months it touches.</summary>
    public IReadOnlyList<DateOnly> Months
    {
        get
        {
            var months = new List<DateOnly>();
            for (var month = MonthOf(Begin); month <= MonthOf(At(Math.Max(0, Texts - 1))); month = month.AddMonths(1))
                months.Add(month);
            return months;
        }
    }

    /// <summary>To the microsecond, as the database keeps it.</summary>
    public DateTime At(int text)
    {
        var ticks = (long)((double)text / Math.Max(1, Texts) * Kept.Ticks);
        return Begin.AddTicks(ticks - (Begin.Ticks + ticks) % TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>Everybody once before anybody twice: the step and the number of people have no factor in common.</summary>
    public int PersonOf(int text) => (int)(text * _step % People);

    /// <summary>How many texts the same person wrote before.</summary>
    public int TurnOf(int text) => text / People;

    public int[] TextsByPerson()
    {
        var texts = new int[People];
        for (var text = 0; text < Texts; text++)
            texts[PersonOf(text)]++;
        return texts;
    }

    public static DateOnly MonthOf(DateTime at) => new(at.Year, at.Month, 1);

    private static long StepFor(int people)
    {
        var step = Step;
        while (Gcd(step, people) != 1)
            step++;
        return step;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
