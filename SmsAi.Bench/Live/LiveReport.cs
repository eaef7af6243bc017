using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Live;

/// <summary>The figures of dashboards that watch while texts come.</summary>
public sealed class LiveReport(RunFacts run) : BenchReport(run)
{
    public required int Texts { get; init; }

    public required int Refused { get; init; }

    public required int Unanswered { get; init; }

    /// <summary>From the moment a webhook was due until a dashboard showed a number that counts its text; every text on every dashboard.</summary>
    public required Percentiles Shown { get; init; }

    /// <summary>Until the carrier took the answer, without the model's own time.</summary>
    public required Percentiles Answer { get; init; }

    /// <summary>Dashboards that did not show the last number.</summary>
    public required int Behind { get; init; }

    /// <summary>Why circuits ended.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Resident memory of the program after the same texts without dashboards.</summary>
    public required double MegabytesAlone { get; init; }

    /// <summary>With all dashboards open, after the texts.</summary>
    public required double MegabytesWith { get; init; }

    /// <summary>Render batches of all dashboards while the texts came.</summary>
    public required long Renderings { get; init; }

    /// <summary>What all circuits sent meanwhile, calls to the page's script included.</summary>
    public required long Bytes { get; init; }

    /// <summary>The dashboards' work included.</summary>
    public required CpuPerText Cpu { get; init; }

    public double MegabytesPerDashboard => (MegabytesWith - MegabytesAlone) / Run.Options.Dashboards;

    public override IReadOnlyList<Aim> Aims =>
    [
        Aim.AtMost(1000, "Webhook to changed number, p95", Shown.P95, "ms"),
        Aim.AtMost(1.5, "Memory a dashboard", MegabytesPerDashboard, "MB"),
    ];

    public override bool IsComplete => Refused == 0 && Unanswered == 0 && Behind == 0 && Faults.Count == 0;

    protected override void WriteFigures(TextWriter output)
    {
        var options = Run.Options;
        output.WriteLine(Invariant($"Live: {options.Dashboards} dashboards on the Overview, {options.Rate} texts a second for {options.Duration.TotalSeconds:0} s"));
        output.WriteLine();
        output.WriteLine(Invariant($"Webhook to changed number: p50 {Shown.P50:0} ms, p95 {Shown.P95:0}, p99 {Shown.P99:0}, worst {Shown.Worst:0}."));
        output.WriteLine(Invariant($"Answers meanwhile, beyond the model's time: p50 {Answer.P50:0} ms, p95 {Answer.P95:0}, p99 {Answer.P99:0}."));
        output.WriteLine(Invariant($"Resident: {MegabytesAlone:0} MB without dashboards, {MegabytesWith:0} MB with them, {MegabytesPerDashboard:0.00} MB each."));
        output.WriteLine(Invariant($"{Renderings} renderings, {(double)Bytes / Math.Max(1, Renderings):0} bytes and {Cpu.App * Texts / Math.Max(1, Renderings):0.00} ms of the program's processor time for each, the road's work included."));
        output.WriteLine(Invariant($"CPU a text, renderings included: {Cpu.All:0.000} ms (app {Cpu.App:0.000}, PostgreSQL {Cpu.Postgres:0.000}, Redis {Cpu.Redis:0.000})."));
        output.WriteLine(Invariant($"Of {Texts} texts: refused {Refused}, unanswered {Unanswered}. Dashboards that did not show the last number: {Behind}."));
        foreach (var fault in Faults)
            output.WriteLine("Circuits ended: " + fault);
    }
}
