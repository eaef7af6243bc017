using System.Diagnostics;
using System.Text.Json;
using SmsAi.Bench.Load;
using SmsAi.Bench.Loopback;
using SmsAi.Bench.Product;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Bench.Floor;

/// <summary>
/// The least a text can cost here: a process of its own that writes the rows of the road with three bare statements and makes its calls to model
/// and carrier, and nothing else. Its PostgreSQL is its own too, so that nothing of the product's is counted with it.
/// </summary>
public sealed class FloorProcess : IAsyncDisposable
{
    /// <summary>The verb that makes this program the floor's process.</summary>
    public const string Verb = "floor-process";

    private readonly Process _process;
    private readonly ProductServers _servers;
    private readonly bool _ownsServers;

    private FloorProcess(Process process, ProductServers servers, bool ownsServers, LoopbackCarrier carrier) =>
        (_process, _servers, _ownsServers, Carrier) = (process, servers, ownsServers, carrier);

    /// <summary>Its own: what the product's would know of and the product not, the product would fetch.</summary>
    public LoopbackCarrier Carrier { get; }

    /// <summary>On servers of its own, which go with it.</summary>
    public static async Task<FloorProcess> StartAsync(Stage stage, TextWriter console, CancellationToken cancel)
    {
        var servers = await ProductServers.StartAsync(keep: null, console, cancel);
        await new MigrationRunner(servers.Owner, MigrationSet.Embedded()).ApplyAsync(force: false, cancel);
        return await StartAsync(stage, servers, ownsServers: true, new NumberRange(0, 0), cancel);
    }

    /// <summary>In the stage's own database, whose program no longer runs, and with the people it has.</summary>
    public static Task<FloorProcess> StartAtAsync(Stage stage, long firstNumber, int people, CancellationToken cancel) =>
        StartAsync(stage, stage.Servers, ownsServers: false, new NumberRange(firstNumber, people), cancel);

    private static async Task<FloorProcess> StartAsync(Stage stage, ProductServers servers, bool ownsServers, NumberRange known, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SmsAi.Bench.dll"), Verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var (keys, carrier) = (servers.Keys, await LoopbackCarrier.StartAsync());
        stage.Hear(carrier);
        var floor = new FloorProcess(Process.Start(start)!, servers, ownsServers, carrier);
        await floor.TellAsync(new FloorSettings(
            servers.Owner, keys.PhoneHashKey, keys.EncryptionKey, stage.Model.Address, carrier.Address, carrier.AccountSid, carrier.AuthToken, carrier.Number,
            carrier.PublicBaseUrl, known));
        carrier.Product = (await floor.HearAsync<FloorReady>(cancel)).Door;
        return floor;
    }

    /// <summary>A round of texts, each of another person.</summary>
    public async Task<FloorRound> TextAsync(int texts, long firstNumber, int senders, CancellationToken cancel)
    {
        var (before, log) = (Consumption.Now(_process.Id, _servers), await LogPositionAsync(cancel));
        await TellAsync(new FloorOrder(texts, firstNumber, senders));
        var seconds = (await HearAsync<FloorDone>(cancel)).Seconds;
        return await RoundAsync(texts, seconds, before, log, cancel);
    }

    /// <summary>The same by webhooks, as the product gets them.</summary>
    public async Task<FloorRound> TextByDoorAsync(int texts, int senders, Crowd crowd, CancellationToken cancel)
    {
        var (before, log) = (Consumption.Now(_process.Id, _servers), await LogPositionAsync(cancel));
        var began = Stopwatch.GetTimestamp();
        var run = await crowd.TextAsync(texts, senders, cancel);
        await run.AnsweredAsync(cancel);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (run.Refused + run.Unanswered + run.Twice > 0)
            throw new InvalidOperationException("The floor lost texts: what it costs is of something else.");
        await TellAsync(new FloorOrder(0, 0, 0));
        await HearAsync<FloorDone>(cancel);
        return await RoundAsync(texts, seconds, before, log, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its orders is its end.
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        await Carrier.DisposeAsync();
        if (_ownsServers)
            await _servers.DisposeAsync();
    }

    private async Task<FloorRound> RoundAsync(int texts, double seconds, Consumption before, long log, CancellationToken cancel)
    {
        var cpu = Consumption.Now(_process.Id, _servers).Since(before, texts);
        return new FloorRound(texts / seconds, cpu with { Redis = 0 }, (double)(await LogPositionAsync(cancel) - log) / texts);
    }

    private async Task<T> HearAsync<T>(CancellationToken cancel) =>
        await _process.StandardOutput.ReadLineAsync(cancel) is { } line
            ? JsonSerializer.Deserialize<T>(line)!
            : throw new InvalidOperationException("The floor's process ended; its reason is on standard error.");

    private async Task TellAsync<T>(T order)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await _process.StandardInput.FlushAsync();
    }

    private async Task<long> LogPositionAsync(CancellationToken cancel) =>
        (long)await _servers.ScalarAsync<decimal>("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')", cancel);
}
