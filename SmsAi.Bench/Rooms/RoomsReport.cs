using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Rooms;

/// <summary>What one round in one room came to.</summary>
/// <param name="PerSecond">In the intake until the last webhook is answered, in the queue from the end of the stop to the last answer.</param>
/// <param name="Cpu">With what followed until nothing was left to do in that room.</param>
public sealed record RoomRound(int Number, double PerSecond, Percentiles Webhook, int Refused, int Unanswered, int Twice, CpuPerText Cpu);

/// <summary>The figures of the road's rooms.</summary>
public sealed class RoomsReport(RunFacts run) : BenchReport(run)
{
    public required IReadOnlyList<RoomRound> Intake { get; init; }

    public required IReadOnlyList<RoomRound> Queue { get; init; }

    /// <summary>The last round's speed by the first one's.</summary>
    public double IntakeLastByFirst => Intake[^1].PerSecond / Intake[0].PerSecond;

    public double QueueLastByFirst => Queue[^1].PerSecond / Queue[0].PerSecond;

    /// <summary>No aims of their own: these say where the road's figures come from.</summary>
    public override IReadOnlyList<Aim> Aims => [];

    public override bool IsComplete => Queue.All(round => round is { Refused: 0, Unanswered: 0, Twice: 0 });

    protected override void WriteFigures(TextWriter output)
    {
        var options = Run.Options;
        output.WriteLine(Invariant($"Rooms: {options.Rounds} rounds of {options.Texts} texts, {options.Senders} at a time, model {options.ModelLatency.TotalMilliseconds} ms"));
        output.WriteLine();
        output.WriteLine("room    round  texts/s   CPU ms/text: app    pg redis   all   webhook p50   p95   p99   refused unanswered twice");
        foreach (var round in Intake)
            Write(output, "intake", round, Invariant($" {round.Webhook.P50,13:0.0} {round.Webhook.P95,5:0.0} {round.Webhook.P99,5:0.0} {round.Refused,9}"));
        foreach (var round in Queue)
            Write(output, "queue", round, Invariant($" {"",25} {round.Refused,9} {round.Unanswered,10} {round.Twice,5}"));
        output.WriteLine();
        output.WriteLine(Invariant($"Last round by first: intake {IntakeLastByFirst:0.00}, queue {QueueLastByFirst:0.00}."));
    }

    private static void Write(TextWriter output, string room, RoomRound round, string rest) => output.WriteLine(Invariant(
        $"{room,-7} {round.Number,5} {round.PerSecond,8:0} {round.Cpu.App,18:0.000} {round.Cpu.Postgres,5:0.000} {round.Cpu.Redis,5:0.000} {round.Cpu.All,5:0.000}") + rest);
}
