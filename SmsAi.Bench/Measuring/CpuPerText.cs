namespace SmsAi.Bench.Measuring;

/// <summary>Milliseconds of processor time a text, by who used it.</summary>
public readonly record struct CpuPerText(double App, double Postgres, double Redis)
{
    public double All => App + Postgres + Redis;

    /// <summary>Of rounds of the same size.</summary>
    public static CpuPerText Mean(IReadOnlyCollection<CpuPerText> rounds) => rounds.Count == 0
        ? default
        : new(rounds.Average(round => round.App), rounds.Average(round => round.Postgres), rounds.Average(round => round.Redis));
}
