using System.Diagnostics;
using SmsAi.Bench.Load;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.Product;
using SmsAi.Bench.Road;

namespace SmsAi.Bench.Rooms;

/// <summary>
/// The road's two rooms apart, so that a regression names its own: first webhooks while everything is stopped, so that only the intake and the
/// holding of turns work; then the end of the stop, so that only the queue works: claim, answer, send.
/// </summary>
public static class RoomsScenario
{
    private const string AllHeld = "select not exists (select from queue where state <> 'held')";

    public static async Task<RoomsReport> RunAsync(BenchOptions options, TextWriter console, CancellationToken cancel)
    {
        await using var stage = await Stage.StartAsync(options, console, cancel);
        await RoadScenario.WarmUpAsync(options, stage, cancel);
        var crowd = new Crowd(stage, People.OfRounds, options.Texts);
        await RoundAsync(0, options, crowd, stage, cancel);
        var (intake, queue) = (new List<RoomRound>(), new List<RoomRound>());
        for (var number = 1; number <= options.Rounds; number++)
        {
            var (taken, answered) = await RoundAsync(number, options, crowd, stage, cancel);
            (intake, queue) = ([.. intake, taken], [.. queue, answered]);
            await console.WriteLineAsync($"Round {number}: intake {taken.PerSecond:0}, queue {answered.PerSecond:0} texts a second.");
        }

        return new RoomsReport(await stage.FactsAsync(cancel)) { Intake = intake, Queue = queue };
    }

    private static async Task<(RoomRound Intake, RoomRound Queue)> RoundAsync(
        int number, BenchOptions options, Crowd crowd, Stage stage, CancellationToken cancel)
    {
        await stage.StopAllAsync(true, cancel);
        var meter = Meter.Start(stage);
        var run = await crowd.TextAsync(options.Texts, options.Senders, cancel);
        var took = meter.Elapsed;
        await stage.UntilAsync(AllHeld, cancel);
        var intake = meter.End(number, options.Texts, took, run);

        meter = Meter.Start(stage);
        await stage.StopAllAsync(false, cancel);
        await run.AnsweredAsync(cancel);
        took = meter.Elapsed;
        await stage.IdleAsync(cancel);
        return (intake, meter.End(number, options.Texts, took, run));
    }

    private readonly record struct Meter(Stage Stage, Consumption Before, long Began)
    {
        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Began);

        public static Meter Start(Stage stage) => new(stage, stage.Used(), Stopwatch.GetTimestamp());

        public RoomRound End(int number, int texts, TimeSpan took, TextRun run) => new(
            number, texts / took.TotalSeconds, Percentiles.Of(run.Webhooks), run.Refused, run.Unanswered, run.Twice, Stage.Used().Since(Before, texts));
    }
}
