using System.Globalization;

namespace SmsAi.Bench.Road;

/// <summary>Rounds as lines of a table.</summary>
internal static class RoundTable
{
    public static void Write(TextWriter output, IEnumerable<RoundFigures> rounds)
    {
        output.WriteLine("round  texts/s   webhook p50   p95   p99 worst    answer p50   p95   p99    CPU ms/text: app    pg redis   all    app MB  log B/text");
        foreach (var round in rounds)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{round.Number,5} {round.PerSecond,8:0} {round.Webhook.P50,13:0.0} {round.Webhook.P95,5:0.0} {round.Webhook.P99,5:0.0} {round.Webhook.Worst,5:0}"
                + $" {round.Answer.P50,13:0} {round.Answer.P95,5:0} {round.Answer.P99,5:0} {round.Cpu.App,20:0.000} {round.Cpu.Postgres,5:0.000} {round.Cpu.Redis,5:0.000} {round.Cpu.All,5:0.000}"
                + $" {round.AppMegabytes,9:0} {round.LogBytesPerText,11:0}"));
        }
    }

    public static string Faults(IReadOnlyCollection<RoundFigures> rounds) => string.Create(CultureInfo.InvariantCulture,
        $"Of {rounds.Sum(round => round.Texts)} texts: refused {rounds.Sum(round => round.Refused)}, unanswered {rounds.Sum(round => round.Unanswered)}, answered twice {rounds.Sum(round => round.Twice)}.");
}
