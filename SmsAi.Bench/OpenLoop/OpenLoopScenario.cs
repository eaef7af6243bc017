using SmsAi.Bench.Load;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.Product;
using SmsAi.Bench.Road;

namespace SmsAi.Bench.OpenLoop;

/// <summary>Arrivals on a schedule that waits for nobody, from people who have texted before, rate by rate.</summary>
public static class OpenLoopScenario
{
    public const int UsualPeople = 4000;

    public static async Task<OpenLoopReport> RunAsync(BenchOptions options, TextWriter console, CancellationToken cancel)
    {
        await using var stage = await Stage.StartAsync(options, console, cancel);
        await RoadScenario.WarmUpAsync(options, stage, cancel);
        var people = options.People ?? UsualPeople;
        var crowd = new Crowd(stage, People.OfRounds, people);
        var first = await crowd.TextAsync(people, options.Senders, cancel);
        await first.AnsweredAsync(cancel);
        var phases = new List<OpenLoopPhase>();
        foreach (var rate in options.Rates)
        {
            await stage.IdleAsync(cancel);
            phases.Add(await MeasureAsync(rate, options, crowd, stage, cancel));
            await console.WriteLineAsync($"{rate} texts a second: answers p95 {phases[^1].Answer.P95:0} ms.");
        }

        return new OpenLoopReport(await stage.FactsAsync(cancel)) { Phases = phases };
    }

    private static async Task<OpenLoopPhase> MeasureAsync(int rate, BenchOptions options, Crowd crowd, Stage stage, CancellationToken cancel)
    {
        var before = stage.Used();
        var run = await crowd.TextOnScheduleAsync((int)(rate * options.Duration.TotalSeconds), rate, sent: null, cancel);
        await run.AnsweredAsync(cancel);
        var after = stage.Used();
        return new OpenLoopPhase(
            rate, run.Count, Percentiles.Of(run.Webhooks), Percentiles.Of(run.Answers.Select(time => time - options.ModelLatency)),
            run.Refused, run.Unanswered, run.Twice, after.Since(before, run.Count), after.App.ResidentBytes / 1e6);
    }
}
