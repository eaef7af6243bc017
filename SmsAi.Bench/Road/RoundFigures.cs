using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Road;

/// <summary>What one round of the road scenario came to.</summary>
/// <param name="PerSecond">Texts a second, from the first webhook to the last answer the carrier took.</param>
/// <param name="Webhook">Until our answer to the webhook.</param>
/// <param name="Answer">Until the carrier took the answer, the model's time included.</param>
/// <param name="Refused">Webhooks that were not answered with success.</param>
public sealed record RoundFigures(
    int Number, double PerSecond, Percentiles Webhook, Percentiles Answer, int Refused, CpuPerText Cpu, double AppMegabytes);

/// <summary>Milliseconds of processor time a text, by who used it.</summary>
public readonly record struct CpuPerText(double App, double Postgres, double Redis)
{
    public double All => App + Postgres + Redis;
}
