using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.OpenLoop;

/// <summary>What one rate of arrivals came to. Times count from the moment a text was due.</summary>
/// <param name="Webhook">Until our answer to the webhook.</param>
/// <param name="Answer">Until the carrier took the answer, without the model's own time.</param>
public sealed record OpenLoopPhase(
    int PerSecond, int Texts, Percentiles Webhook, Percentiles Answer, int Refused, int Unanswered, int Twice, CpuPerText Cpu, double AppMegabytes);

/// <summary>The figures of arrivals on a schedule.</summary>
public sealed class OpenLoopReport(RunFacts run) : BenchReport(run)
{
    public required IReadOnlyList<OpenLoopPhase> Phases { get; init; }

    public override bool IsComplete => Phases.All(phase => phase is { Refused: 0, Unanswered: 0, Twice: 0 });

    public override IReadOnlyList<Aim> Aims =>
    [
        .. Phases.SelectMany(phase => (Aim[])
        [
            Aim.AtMost(100, $"Answer p95 beyond the model's time at {phase.PerSecond} a second", phase.Answer.P95, "ms"),
            Aim.AtMost(50, $"Webhook p99 at {phase.PerSecond} a second", phase.Webhook.P99, "ms"),
        ]),
    ];

    protected override void WriteFigures(TextWriter output)
    {
        output.WriteLine(Invariant(
            $"Open loop: {Run.Options.Duration.TotalSeconds:0} s each, model {Run.Options.ModelLatency.TotalMilliseconds} ms; times from the moment a text was due, answers without the model's time"));
        output.WriteLine();
        output.WriteLine("texts/s   texts   webhook p50   p95   p99 worst    answer p50   p95   p99 worst   refused unanswered twice   CPU ms/text   app MB");
        foreach (var phase in Phases)
        {
            output.WriteLine(Invariant(
                $"{phase.PerSecond,7} {phase.Texts,7} {phase.Webhook.P50,13:0.0} {phase.Webhook.P95,5:0.0} {phase.Webhook.P99,5:0.0} {phase.Webhook.Worst,5:0}")
                + Invariant($" {phase.Answer.P50,13:0.0} {phase.Answer.P95,5:0.0} {phase.Answer.P99,5:0.0} {phase.Answer.Worst,5:0}")
                + Invariant($" {phase.Refused,9} {phase.Unanswered,10} {phase.Twice,5} {phase.Cpu.All,13:0.000} {phase.AppMegabytes,8:0}"));
        }
    }
}
