using System.Diagnostics;
using System.Security.Cryptography;
using SmsAi.Bench.Load;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.OpenLoop;
using SmsAi.Bench.Product;
using SmsAi.Bench.Road;

namespace SmsAi.Bench.Live;

/// <summary>Dashboards open on the Overview while texts come on a schedule: how soon each shows a number that counts a text, and what it weighs.</summary>
public static class LiveScenario
{
    private const string Email = "bench@example.org";

    // No other number on the page is as large, so what a rendering says about received texts can't be mistaken for anything else.
    private const long Before = 700_000_000;

    private const string RaiseReceived = """
        insert into metric_minutes as m (minute, texts_in) values (date_trunc('day', now() at time zone 'UTC') at time zone 'UTC', 700000000)
        on conflict (minute) do update set texts_in = m.texts_in + excluded.texts_in
        """;

    private const string Received = """
        select coalesce(sum(texts_in), 0)::bigint from metric_minutes where minute >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
        """;

    public static async Task<LiveReport> RunAsync(BenchOptions options, TextWriter console, CancellationToken cancel)
    {
        var password = "bench " + RandomNumberGenerator.GetHexString(24, lowercase: true);
        await using var stage = await Stage.StartAsync(
            options with { Data = null }, console, cancel, new("Admin:Email", Email), new("Admin:Password", password));
        await stage.UntilAsync("select exists (select from operators)", cancel);
        await using (var command = stage.Servers.Database.CreateCommand(RaiseReceived))
            await command.ExecuteNonQueryAsync(cancel);
        await RoadScenario.WarmUpAsync(options, stage, cancel);
        using var session = await OperatorSession.SignInAsync(stage.Product.Address, Email, password, cancel);

        // The first dashboard of all compiles the page, and the same texts without dashboards fill the heap as they always do.
        var crowd = new Crowd(stage, People.OfRounds, options.People ?? OpenLoopScenario.UsualPeople);
        var texts = (int)(options.Rate * options.Duration.TotalSeconds);
        await using (var first = await Circuit.OpenAsync(session, stage.Product.Address, "/", (_, _) => { }, cancel))
            await (await crowd.TextOnScheduleAsync(texts, options.Rate, sent: null, cancel)).AnsweredAsync(cancel);
        await stage.IdleAsync(cancel);
        await console.WriteLineAsync("Opening dashboards.");
        return await MeasureAsync(options, stage, session, crowd, texts, console, cancel);
    }

    private static async Task<LiveReport> MeasureAsync(
        BenchOptions options, Stage stage, OperatorSession session, Crowd crowd, int texts, TextWriter console, CancellationToken cancel)
    {
        var alone = stage.Used();
        var received = await stage.Servers.ScalarAsync<long>(Received, cancel);
        var shown = new ShownNumbers(texts);
        var circuits = new List<Circuit>();
        var screens = new List<ShownNumbers.Screen>();
        try
        {
            for (var number = 0; number < options.Dashboards; number++)
            {
                var screen = shown.NewScreen();
                screens.Add(screen);
                circuits.Add(await Circuit.OpenAsync(
                    session, stage.Product.Address, "/", (batch, at) =>
                    {
                        if (RenderBatch.GreatestNumber(batch, Before) is { } count)
                            screen.Shows(count - received, at);
                    }, cancel));
            }

            await console.WriteLineAsync($"{circuits.Count} dashboards.");
            var (before, batches, bytes) = (stage.Used(), circuits.Sum(circuit => circuit.Batches), circuits.Sum(circuit => circuit.Bytes));
            var run = await crowd.TextOnScheduleAsync(texts, options.Rate, shown.Sent, cancel);
            await run.AnsweredAsync(cancel);
            await stage.IdleAsync(cancel);
            await CountedAsync(screens, texts, cancel);
            var after = stage.Used();
            return new LiveReport(await stage.FactsAsync(cancel))
            {
                Texts = texts,
                Refused = run.Refused,
                Unanswered = run.Unanswered,
                Shown = Percentiles.Of(shown.Times),
                Answer = Percentiles.Of(run.Answers.Select(time => time - options.ModelLatency)),
                Behind = screens.Count(screen => screen.Counted < texts),
                Faults = [.. circuits.Select(circuit => circuit.Fault).OfType<string>().GroupBy(fault => fault).Select(fault => $"{fault.Count()} × {fault.Key}")],
                MegabytesAlone = alone.App.ResidentBytes / 1e6,
                MegabytesWith = after.App.ResidentBytes / 1e6,
                Renderings = circuits.Sum(circuit => circuit.Batches) - batches,
                Bytes = circuits.Sum(circuit => circuit.Bytes) - bytes,
                Cpu = after.Since(before, texts),
            };
        }
        finally
        {
            await Task.WhenAll(circuits.Select(circuit => circuit.DisposeAsync().AsTask()));
        }
    }

    // The page tells once in two seconds at least, so the last numbers have come by then, or do not come.
    private static async Task CountedAsync(List<ShownNumbers.Screen> screens, int texts, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        while (screens.Any(screen => screen.Counted < texts) && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10))
            await Task.Delay(50, cancel);
    }
}
