using System.Diagnostics;
using SmsAi.Bench.Load;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.Product;

namespace SmsAi.Bench.Road;

/// <summary>What one round of the road came to.</summary>
/// <param name="PerSecond">Texts a second, from the first webhook to the last answer the carrier took.</param>
/// <param name="Webhook">Until our answer to the webhook.</param>
/// <param name="Answer">Until the carrier took the answer, the model's time included.</param>
/// <param name="Refused">Webhooks that were not answered with success.</param>
/// <param name="Cpu">With what the ledger's readers did about these texts.</param>
/// <param name="LogBytesPerText">Of PostgreSQL's write-ahead log.</param>
public sealed record RoundFigures(
    int Number, int Texts, double PerSecond, Percentiles Webhook, Percentiles Answer, int Refused, int Unanswered, int Twice, CpuPerText Cpu,
    double LogBytesPerText, double AppMegabytes)
{
    /// <summary>Every text was taken and answered once.</summary>
    public bool IsComplete => Refused == 0 && Unanswered == 0 && Twice == 0;

    /// <summary>One round under closed-loop load, and the wait for the ledger's readers.</summary>
    public static async Task<RoundFigures> MeasureAsync(int number, int texts, int senders, Crowd crowd, Stage stage, CancellationToken cancel)
    {
        var (before, log) = (stage.Used(), await stage.LogPositionAsync(cancel));
        var began = Stopwatch.GetTimestamp();
        var run = await crowd.TextAsync(texts, senders, cancel);
        await run.AnsweredAsync(cancel);
        var took = Stopwatch.GetElapsedTime(began);
        await stage.IdleAsync(cancel);
        var after = stage.Used();
        return new RoundFigures(
            number, texts, texts / took.TotalSeconds, Percentiles.Of(run.Webhooks), Percentiles.Of(run.Answers), run.Refused, run.Unanswered, run.Twice,
            after.Since(before, texts), (double)(await stage.LogPositionAsync(cancel) - log) / texts, after.App.ResidentBytes / 1e6);
    }
}
