using SmsAi.Bench.Floor;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.Product;

namespace SmsAi.Bench.Road;

/// <summary>The figures of a run of the road, beside the floor's.</summary>
public sealed class RoadReport(RunFacts run) : BenchReport(run)
{
    // On the machine the aims were written for, a bare prototype took so many milliseconds a text.
    private const double FloorThere = 0.35;

    public required IReadOnlyList<RoundFigures> Rounds { get; init; }

    /// <summary>Empty when the run was without.</summary>
    public required IReadOnlyList<FloorRound> Floor { get; init; }

    /// <summary>The floor whose texts come by webhooks.</summary>
    public required IReadOnlyList<FloorRound> FloorByDoor { get; init; }

    public required IReadOnlyList<StatementFigures> Statements { get; init; }

    /// <summary>Resident memory of the program after a rest.</summary>
    public required double RestedMegabytes { get; init; }

    public CpuPerText Cpu => CpuPerText.Mean([.. Rounds.Select(round => round.Cpu)]);

    public CpuPerText FloorCpu => CpuPerText.Mean([.. Floor.Select(round => round.Cpu)]);

    public CpuPerText FloorByDoorCpu => CpuPerText.Mean([.. FloorByDoor.Select(round => round.Cpu)]);

    /// <summary>Processor time of the road by the floor's; null without a floor.</summary>
    public double? ByFloor => Floor.Count == 0 ? null : Cpu.All / FloorCpu.All;

    /// <summary>The last round's speed by the first one's.</summary>
    public double LastByFirst => Rounds[^1].PerSecond / Rounds[0].PerSecond;

    public override bool IsComplete => Rounds.All(round => round.IsComplete);

    public override IReadOnlyList<Aim> Aims =>
    [
        Aim.AtMost(50, "Webhook p95, worst round", Rounds.Max(round => round.Webhook.P95), "ms"),
        .. ByFloor is { } times
            ? (Aim[])[Aim.AtMost(1.5, "CPU by the floor's", times), Aim.AtMost(0.5, $"CPU a text where the floor takes {Invariant($"{FloorThere}")} ms", FloorThere * times, "ms")]
            : [],
        Aim.AtLeast(2000, "Texts a second, all rounds", Rounds.Count / Rounds.Sum(round => 1 / round.PerSecond)),
        Aim.AtLeast(0.9, "Last round's speed by the first's", LastByFirst),
        Aim.AtMost(256, "Resident memory of the program, rested", RestedMegabytes, "MB"),
        Aim.AtMost(3.5, "Start to the first answer", Run.StartSeconds, "s"),
    ];

    protected override void WriteFigures(TextWriter output)
    {
        var options = Run.Options;
        output.WriteLine(Invariant($"Road: {options.Rounds} rounds of {options.Texts} texts, {options.Senders} at a time, model {options.ModelLatency.TotalMilliseconds} ms"));
        output.WriteLine();
        RoundTable.Write(output, Rounds);
        output.WriteLine();
        output.WriteLine(Invariant($"Road, readers included: {Cpu.All:0.000} ms a text (app {Cpu.App:0.000}, PostgreSQL {Cpu.Postgres:0.000}, Redis {Cpu.Redis:0.000})."));
        output.WriteLine(Invariant($"Resident memory: {Rounds.Max(round => round.AppMegabytes):0} MB at most at a round's end, {RestedMegabytes:0} MB after a rest of {RoadScenario.Rest.TotalSeconds:0} s."));
        if (ByFloor is { } times)
        {
            output.WriteLine(Invariant(
                $"Floor: {FloorCpu.All:0.000} ms a text (process {FloorCpu.App:0.000}, PostgreSQL {FloorCpu.Postgres:0.000}), {Floor.Average(round => round.PerSecond):0} texts a second, log {Floor.Average(round => round.LogBytesPerText):0} bytes a text."));
            output.WriteLine(Invariant($"Road by floor: {times:0.00}; by round {string.Join(", ", Rounds.Zip(Floor, (road, floor) => Invariant($"{road.Cpu.All / floor.Cpu.All:0.00}")))}."));
            output.WriteLine(Invariant(
                $"Floor with signed webhooks: {FloorByDoorCpu.All:0.000} ms a text (process {FloorByDoorCpu.App:0.000}, PostgreSQL {FloorByDoorCpu.Postgres:0.000}), {FloorByDoor.Average(round => round.PerSecond):0} texts a second; by the floor {FloorByDoorCpu.All / FloorCpu.All:0.00}, the road by it {Cpu.All / FloorByDoorCpu.All:0.00}."));
        }

        output.WriteLine(RoundTable.Faults(Rounds));
        foreach (var statement in Statements)
        {
            output.WriteLine(Invariant(
                $"{statement.Microseconds,7:0.0} µs/text {statement.PlanMicroseconds,6:0.0} planning {statement.Calls,7} calls {statement.RowsPerCall,6:0.0} rows  {statement.Statement}"));
        }
    }
}
