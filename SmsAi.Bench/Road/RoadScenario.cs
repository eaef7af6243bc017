using SmsAi.Bench.Loopback;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.Product;

namespace SmsAi.Bench.Road;

/// <summary>
/// The whole road under closed-loop load: signed webhooks over HTTP, a model on loopback that takes its time, a carrier on loopback without
/// callbacks. Loop guard and limits are off by their keys, since few people write like many; all else is on.
/// </summary>
public static class RoadScenario
{
    private const string PublicBaseUrl = "https://sms.example.com";
    private const long FirstPerson = 14_152_000_000;
    private const long FirstOfWarmUp = 12_132_000_000;

    // Every event is in every reader's figures: what comes late was still caused by these texts.
    private const string IsIdle = """
        select not exists (select from queue)
          and not exists (select from ledger_cursors c where exists (select from events e where (e.tx, e.id) > (c.tx, c.id)))
        """;

    public static async Task<RoadReport> RunAsync(BenchOptions options, TextWriter console, CancellationToken cancel)
    {
        await using var servers = await ProductServers.StartAsync(options.Data, console, cancel);
        await using var carrier = await LoopbackCarrier.StartAsync();
        await using var model = await LoopbackModel.StartAsync();
        carrier.Script.Receipts = _ => [];
        model.Latency = () => options.ModelLatency;
        await using var product = await ProductProcess.StartAsync(
            [.. servers.Settings, .. carrier.Settings(PublicBaseUrl), .. model.Settings(), .. LoadTest(), .. Asked(options)],
            AppContext.BaseDirectory, cancel);
        (carrier.Product, carrier.PublicBaseUrl) = (product.Address, PublicBaseUrl);
        await console.WriteLineAsync($"Started within {product.StartedWithin.TotalSeconds:0.0} s.");

        var crowds = new[] { new Crowd(carrier, FirstOfWarmUp), new Crowd(carrier, FirstPerson) };
        carrier.Script.Decide = send =>
        {
            foreach (var crowd in crowds)
                crowd.Hear(send);
            return CarrierAct.Accept;
        };
        await crowds[0].TextAsync(options.WarmUp, options.Senders, "Hello there!", cancel);
        await IdleAsync(servers, cancel);
        return await MeasureAsync(options, crowds[1], new Stage(servers, product, carrier), console, cancel);
    }

    private static async Task<RoadReport> MeasureAsync(BenchOptions options, Crowd crowd, Stage stage, TextWriter console, CancellationToken cancel)
    {
        var (servers, product, carrier) = stage;
        var texts = options.Texts * options.Rounds;
        await TopStatements.ResetAsync(servers, cancel);
        var first = Consumption.Now(product, servers);
        var log = await LogPositionAsync(servers, cancel);
        var before = carrier.Ledger.Accepted.Count;
        var rounds = new List<RoundFigures>();
        for (var number = 1; number <= options.Rounds; number++)
        {
            rounds.Add(await RoundAsync(number, options, crowd, stage, cancel));
            await console.WriteLineAsync($"Round {number}: {rounds[^1].PerSecond:0} texts a second.");
        }

        await IdleAsync(servers, cancel);
        var last = Consumption.Now(product, servers);
        return new RoadReport
        {
            Machine = Machine.Here(),
            Postgres = await servers.ScalarAsync<string>("show server_version", cancel),
            At = TimeProvider.System.GetUtcNow(),
            Options = options,
            StartSeconds = product.StartedWithin.TotalSeconds,
            Rounds = rounds,
            Cpu = last.Since(first, texts),
            LogBytesPerText = (double)(await LogPositionAsync(servers, cancel) - log) / texts,
            AppMegabytes = last.App.ResidentBytes / 1e6,
            Sent = carrier.Ledger.Accepted.Count - before,
            SentTwice = carrier.Ledger.Duplicates.Count,
            Statements = await TopStatements.ReadAsync(servers, texts, cancel),
        };
    }

    private static async Task<RoundFigures> RoundAsync(int number, BenchOptions options, Crowd crowd, Stage stage, CancellationToken cancel)
    {
        var before = Consumption.Now(stage.Product, stage.Servers);
        var took = await crowd.TextAsync(options.Texts, options.Senders, $"Round {number}.", cancel);
        var after = Consumption.Now(stage.Product, stage.Servers);
        return new RoundFigures(
            number, options.Texts / took.TotalSeconds, Percentiles.Of(crowd.Webhooks), Percentiles.Of(crowd.Answers), crowd.Refused,
            after.Since(before, options.Texts), after.App.ResidentBytes / 1e6);
    }

    private static async Task IdleAsync(ProductServers servers, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await servers.ScalarAsync<bool>(IsIdle, patience.Token))
            await Task.Delay(100, patience.Token);
    }

    private static async Task<long> LogPositionAsync(ProductServers servers, CancellationToken cancel) =>
        (long)await servers.ScalarAsync<decimal>("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')", cancel);

    private static IEnumerable<KeyValuePair<string, string?>> LoadTest() =>
        [new("LoopGuard:Enabled", "false"), new("Limits:free:PerMinute", "0"), new("Limits:free:PerDay", "0")];

    private static IEnumerable<KeyValuePair<string, string?>> Asked(BenchOptions options) =>
        options.Settings.Select(set => new KeyValuePair<string, string?>(set.Key, set.Value));

    private sealed record Stage(ProductServers Servers, ProductProcess Product, LoopbackCarrier Carrier);
}
