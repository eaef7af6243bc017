using System.Globalization;
using System.Text.Json;
using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Road;

/// <summary>The figures of a run of the road scenario, as a table for people and as JSON for comparison.</summary>
public sealed class RoadReport
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required Machine Machine { get; init; }

    public required string Postgres { get; init; }

    public required DateTimeOffset At { get; init; }

    public required BenchOptions Options { get; init; }

    public required double StartSeconds { get; init; }

    public required IReadOnlyList<RoundFigures> Rounds { get; init; }

    /// <summary>Over all rounds, with what the ledger's readers did afterwards.</summary>
    public required CpuPerText Cpu { get; init; }

    /// <summary>Of PostgreSQL's write-ahead log.</summary>
    public required double LogBytesPerText { get; init; }

    public required double AppMegabytes { get; init; }

    /// <summary>Answers the carrier took.</summary>
    public required int Sent { get; init; }

    public required int SentTwice { get; init; }

    public required IReadOnlyList<StatementFigures> Statements { get; init; }

    /// <summary>The last round's speed by the first one's.</summary>
    public double LastByFirst => Rounds[^1].PerSecond / Rounds[0].PerSecond;

    /// <summary>Every text was taken and answered once.</summary>
    public bool IsComplete => Sent == Options.Texts * Options.Rounds && SentTwice == 0 && Rounds.All(round => round.Refused == 0);

    public void WriteTable(TextWriter output)
    {
        var invariant = CultureInfo.InvariantCulture;
        output.WriteLine($"{Machine}, PostgreSQL {Postgres}");
        output.WriteLine(string.Create(invariant,
            $"{Options.Rounds} rounds of {Options.Texts} texts, {Options.Senders} at a time, model {Options.ModelLatency.TotalMilliseconds} ms"));
        output.WriteLine();
        output.WriteLine("round  texts/s   webhook p50   p95   p99 worst    answer p50   p95   p99    CPU ms/text: app  pg    redis all    app MB");
        foreach (var round in Rounds)
        {
            output.WriteLine(string.Create(invariant,
                $"{round.Number,5} {round.PerSecond,8:0} {round.Webhook.P50,13:0.0} {round.Webhook.P95,5:0.0} {round.Webhook.P99,5:0.0} {round.Webhook.Worst,5:0}"
                + $" {round.Answer.P50,13:0} {round.Answer.P95,5:0} {round.Answer.P99,5:0} {round.Cpu.App,20:0.000} {round.Cpu.Postgres,5:0.000} {round.Cpu.Redis,5:0.000} {round.Cpu.All,5:0.000} {round.AppMegabytes,7:0}"));
        }

        output.WriteLine();
        output.WriteLine(string.Create(invariant,
            $"In all, readers included: {Cpu.All:0.000} ms a text (app {Cpu.App:0.000}, PostgreSQL {Cpu.Postgres:0.000}, Redis {Cpu.Redis:0.000}); log {LogBytesPerText:0} bytes a text."));
        output.WriteLine(string.Create(invariant,
            $"Last round by first: {LastByFirst:0.00}. App resident {AppMegabytes:0} MB, started within {StartSeconds:0.0} s."));
        output.WriteLine(string.Create(invariant,
            $"Answers sent: {Sent} of {Options.Texts * Options.Rounds}, twice: {SentTwice}, webhooks refused: {Rounds.Sum(round => round.Refused)}."));
        foreach (var statement in Statements)
        {
            output.WriteLine(string.Create(invariant,
                $"{statement.Microseconds,7:0.0} µs/text {statement.PlanMicroseconds,6:0.0} planning {statement.Calls,7} calls {statement.RowsPerCall,6:0.0} rows  {statement.Statement}"));
        }
    }

    public async Task WriteJsonAsync(string file, CancellationToken cancel)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, this, Indented, cancel);
    }
}
