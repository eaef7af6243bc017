using SmsAi.Bench.Loopback;
using SmsAi.Bench.Measuring;

namespace SmsAi.Bench.Product;

/// <summary>
/// What every scenario plays on: the servers, the product as a process of its own, a model on loopback that takes its time and a carrier on
/// loopback without callbacks. Loop guard and limits are off by their keys, since few people write like many; all else is on.
/// </summary>
public sealed class Stage : IAsyncDisposable
{
    private const string PublicBaseUrl = "https://sms.example.com";

    // Every event is in every reader's figures: what comes late was still caused by these texts. The poll for receipts keeps marks beside
    // the readers' cursors, which stay behind on purpose.
    private const string IsIdle = """
        select not exists (select from queue)
          -- The first in order, not "exists": for that the planner may read the whole ledger.
          and not exists (
            select from ledger_cursors c
            where c.reader not like 'receipt_poll%'
              and (select true from events e where (e.tx, e.id) > (c.tx, c.id) order by e.tx, e.id limit 1))
        """;

    private const string Turn = """
        update controls set stopped = $1, by_name = 'bench', reason = 'bench', at = clock_timestamp(), ver = nextval('controls_ver_seq')
        where name = 'kill'
        """;

    private readonly BenchOptions _options;
    private readonly KeyValuePair<string, string?>[] _settings;
    private ProductProcess? _product;

    private Stage(
        BenchOptions options, ProductServers servers, LoopbackCarrier carrier, LoopbackModel model, KeyValuePair<string, string?>[] settings)
    {
        (_options, Servers, Carrier, Model, _settings) = (options, servers, carrier, model, settings);
        Hear(carrier);
        model.Latency = () => options.ModelLatency;
    }

    /// <summary>The carrier was given a text to send.</summary>
    public event Action<LoopbackSend>? Answered;

    public ProductServers Servers { get; }

    public LoopbackCarrier Carrier { get; }

    public LoopbackModel Model { get; }

    public ProductProcess Product => _product ?? throw new InvalidOperationException("The product is not running.");

    /// <summary>What this carrier is given to send is heard as the stage's own carrier's is.</summary>
    public void Hear(LoopbackCarrier carrier)
    {
        carrier.PublicBaseUrl = PublicBaseUrl;
        carrier.Script.Receipts = _ => [];
        carrier.Script.Decide = send =>
        {
            Answered?.Invoke(send);
            return CarrierAct.Accept;
        };
    }

    /// <summary>Everything but the product: <see cref="OpenAsync"/> starts it.</summary>
    public static async Task<Stage> PrepareAsync(
        BenchOptions options, string? folder, TextWriter console, CancellationToken cancel, params KeyValuePair<string, string?>[] more) => new(
            options, await ProductServers.StartAsync(folder, console, cancel), await LoopbackCarrier.StartAsync(), await LoopbackModel.StartAsync(), more);

    public static async Task<Stage> StartAsync(
        BenchOptions options, TextWriter console, CancellationToken cancel, params KeyValuePair<string, string?>[] more)
    {
        var stage = await PrepareAsync(options, options.Data, console, cancel, more);
        try
        {
            await stage.OpenAsync(console, cancel);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async Task OpenAsync(TextWriter console, CancellationToken cancel)
    {
        _product = await ProductProcess.StartAsync(
            [.. Servers.Settings, .. Carrier.Settings(PublicBaseUrl), .. Model.Settings(), .. LoadTest(), .. _settings, .. Asked()],
            AppContext.BaseDirectory, cancel);
        Carrier.Product = _product.Address;
        await console.WriteLineAsync($"Started within {_product.StartedWithin.TotalSeconds:0.0} s.");
    }

    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _product, null) is { } running)
            await running.DisposeAsync();
    }

    /// <summary>What the product and its servers have used up to now.</summary>
    public Consumption Used() => Consumption.Now(Product.Id, Servers);

    /// <summary>Waits until nothing is left to do, for the ledger's readers neither.</summary>
    public Task IdleAsync(CancellationToken cancel) => UntilAsync(IsIdle, cancel);

    /// <summary>Waits until the database answers this with true.</summary>
    public async Task UntilAsync(string condition, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await Servers.ScalarAsync<bool>(condition, patience.Token))
            await Task.Delay(100, patience.Token);
    }

    /// <summary>Stop all, or its end, by the line that docs/operations.md has for the hand.</summary>
    public async Task StopAllAsync(bool stopped, CancellationToken cancel)
    {
        await using var command = Servers.Database.CreateCommand(Turn);
        command.Parameters.Add(new() { Value = stopped });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>How far PostgreSQL's write-ahead log is, in bytes.</summary>
    public async Task<long> LogPositionAsync(CancellationToken cancel) =>
        (long)await Servers.ScalarAsync<decimal>("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')", cancel);

    public async Task<RunFacts> FactsAsync(CancellationToken cancel) => new(
        _options, Machine.Here(), await Servers.ScalarAsync<string>("show server_version", cancel), TimeProvider.System.GetUtcNow(),
        Product.StartedWithin.TotalSeconds);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Model.DisposeAsync();
        await Carrier.DisposeAsync();
        await Servers.DisposeAsync();
    }

    private static IEnumerable<KeyValuePair<string, string?>> LoadTest() =>
        [new("LoopGuard:Enabled", "false"), new("Limits:free:PerMinute", "0"), new("Limits:free:PerDay", "0"), new("Console:ScreensAtOnce", "1000")];

    private IEnumerable<KeyValuePair<string, string?>> Asked() =>
        _options.Settings.Select(set => new KeyValuePair<string, string?>(set.Key, set.Value));
}
