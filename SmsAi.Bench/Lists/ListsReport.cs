using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Lists;

/// <summary>How soon a list showed its first rows.</summary>
public sealed record ListFigures(string List, Percentiles Shown);

/// <summary>The figures of lists opened among many people and messages.</summary>
public sealed class ListsReport(RunFacts run) : BenchReport(run)
{
    public required IReadOnlyList<ListFigures> Lists { get; init; }

    /// <summary>How soon a stop stood on the screen of whoever pressed it, and on all.</summary>
    public required Percentiles Own { get; init; }

    public required Percentiles Everywhere { get; init; }

    public required long Messages { get; init; }

    public required long People { get; init; }

    /// <summary>Texts that came meanwhile.</summary>
    public required int Texts { get; init; }

    public required int Refused { get; init; }

    public required int Unanswered { get; init; }

    /// <summary>Why dashboards ended.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public override IReadOnlyList<Aim> Aims =>
    [
        .. Lists.Select(list => Aim.AtMost(300, $"First rows of {list.List}, p95", list.Shown.P95, "ms")),
        Aim.AtMost(200, "Stop all on the own screen, p95", Own.P95, "ms"),
        Aim.AtMost(1000, "Stop all on every screen, p95", Everywhere.P95, "ms"),
    ];

    public override bool IsComplete => Refused == 0 && Unanswered == 0 && Faults.Count == 0;

    protected override void WriteFigures(TextWriter output)
    {
        var options = Run.Options;
        output.WriteLine(Invariant($"Lists: {options.Dashboards} dashboards open, {options.Rate} texts a second, {People} people, {Messages} messages; each list {options.Rounds} times"));
        output.WriteLine();
        output.WriteLine("first rows, ms from the circuit's request              p50   p95 worst");
        foreach (var list in Lists)
            output.WriteLine(Invariant($"{list.List,-50} {list.Shown.P50,7:0} {list.Shown.P95,5:0} {list.Shown.Worst,5:0}"));
        output.WriteLine(Invariant($"{"Stop all on the own screen",-50} {Own.P50,7:0} {Own.P95,5:0} {Own.Worst,5:0}"));
        output.WriteLine(Invariant($"{"Stop all on every screen",-50} {Everywhere.P50,7:0} {Everywhere.P95,5:0} {Everywhere.Worst,5:0}"));
        output.WriteLine();
        output.WriteLine(Invariant($"Of {Texts} texts meanwhile: refused {Refused}, unanswered {Unanswered}."));
        foreach (var fault in Faults)
            output.WriteLine("Circuits ended: " + fault);
    }
}
