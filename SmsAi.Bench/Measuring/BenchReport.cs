using System.Globalization;
using System.Text.Json;

namespace SmsAi.Bench.Measuring;

/// <summary>The figures of a run of one scenario, as a table for people and as JSON for comparison, with what they should be beside them.</summary>
public abstract class BenchReport(RunFacts run)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public RunFacts Run { get; } = run;

    public abstract IReadOnlyList<Aim> Aims { get; }

    /// <summary>Everything was taken and answered once: without it the figures are of something else.</summary>
    public abstract bool IsComplete { get; }

    public void WriteTable(TextWriter output)
    {
        output.WriteLine($"{Run.Machine}, PostgreSQL {Run.Postgres}");
        WriteFigures(output);
        output.WriteLine();
        foreach (var aim in Aims)
            output.WriteLine(aim);
        output.WriteLine(IsComplete ? "Complete." : "NOT COMPLETE: texts were refused, lost or answered twice.");
    }

    public async Task WriteJsonAsync(string file, CancellationToken cancel)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, this, GetType(), Indented, cancel);
    }

    protected abstract void WriteFigures(TextWriter output);

    protected static string Invariant(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What was run, where and when.</summary>
public sealed record RunFacts(BenchOptions Options, Machine Machine, string Postgres, DateTimeOffset At, double StartSeconds);
