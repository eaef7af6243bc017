using SmsAi.Bench.Floor;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.Road;

namespace SmsAi.Bench.Growth;

/// <summary>The figures of the road in an empty database and in one that has grown. Their round 0 is the one in which the people were met.</summary>
public sealed class GrowthReport(RunFacts run) : BenchReport(run)
{
    public required IReadOnlyList<RoundFigures> Empty { get; init; }

    public required IReadOnlyList<RoundFigures> Grown { get; init; }

    /// <summary>Empty when the run was without.</summary>
    public required IReadOnlyList<FloorRound> EmptyFloor { get; init; }

    public required IReadOnlyList<FloorRound> GrownFloor { get; init; }

    /// <summary>In the grown database at the end.</summary>
    public required long Messages { get; init; }

    public required long People { get; init; }

    public required double DatabaseMegabytes { get; init; }

    public CpuPerText EmptyCpu => CpuPerText.Mean([.. Empty.Skip(1).Select(round => round.Cpu)]);

    public CpuPerText GrownCpu => CpuPerText.Mean([.. Grown.Skip(1).Select(round => round.Cpu)]);

    /// <summary>Processor time a text in the grown database by that in the empty one.</summary>
    public double GrownByEmpty => GrownCpu.All / EmptyCpu.All;

    public CpuPerText EmptyFloorCpu => CpuPerText.Mean([.. EmptyFloor.Select(round => round.Cpu)]);

    public CpuPerText GrownFloorCpu => CpuPerText.Mean([.. GrownFloor.Select(round => round.Cpu)]);

    public override IReadOnlyList<Aim> Aims => [Aim.AtMost(1.15, "CPU a text, grown by empty", GrownByEmpty)];

    public override bool IsComplete => Empty.Concat(Grown).All(round => round.IsComplete);

    protected override void WriteFigures(TextWriter output)
    {
        output.WriteLine(Invariant($"Growth: {Messages} messages of {People} people, {DatabaseMegabytes:0} MB; round 0, in which the people are met, is not compared"));
        output.WriteLine();
        output.WriteLine("Empty:");
        RoundTable.Write(output, Empty);
        output.WriteLine("Grown:");
        RoundTable.Write(output, Grown);
        output.WriteLine();
        output.WriteLine(Invariant($"Empty: {EmptyCpu.All:0.000} ms a text (app {EmptyCpu.App:0.000}, PostgreSQL {EmptyCpu.Postgres:0.000}, Redis {EmptyCpu.Redis:0.000})."));
        output.WriteLine(Invariant($"Grown: {GrownCpu.All:0.000} ms a text (app {GrownCpu.App:0.000}, PostgreSQL {GrownCpu.Postgres:0.000}, Redis {GrownCpu.Redis:0.000})."));
        output.WriteLine(Invariant($"Grown by empty: {GrownByEmpty:0.00}; by round {string.Join(", ", Empty.Zip(Grown).Skip(1).Select(round => Invariant($"{round.Second.Cpu.All / round.First.Cpu.All:0.00}")))}."));
        if (EmptyFloor.Count > 0)
        {
            output.WriteLine(Invariant($"The floor: empty {Floor(EmptyFloorCpu, EmptyFloor)}; grown {Floor(GrownFloorCpu, GrownFloor)}."));
            output.WriteLine(Invariant($"The floor, grown by empty: {GrownFloorCpu.All / EmptyFloorCpu.All:0.00}; by round {string.Join(", ", EmptyFloor.Zip(GrownFloor, (one, other) => Invariant($"{other.Cpu.All / one.Cpu.All:0.00}")))}."));
        }

        output.WriteLine(RoundTable.Faults([.. Empty, .. Grown]));
    }

    private static string Floor(CpuPerText cpu, IReadOnlyList<FloorRound> rounds) =>
        Invariant($"{cpu.All:0.000} ms a text (process {cpu.App:0.000}, PostgreSQL {cpu.Postgres:0.000}), log {rounds.Average(round => round.LogBytesPerText):0} bytes");
}
