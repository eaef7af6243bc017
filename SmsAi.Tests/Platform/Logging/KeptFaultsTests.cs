using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Logging;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Logging;

/// <summary>What is logged as an error is found in error_logs: placed, counted, and without a word of anybody's.</summary>
public sealed partial class KeptFaultsTests : IAsyncLifetime
{
    private const string Ours = "SmsAi.Core.Pipeline.Delivery.Sample";
    private readonly string _folder = Directory.CreateTempSubdirectory("smsai-faults-").FullName;
    private readonly FaultCollector _faults = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Error_is_kept_with_its_place_severity_and_message()
    {
        using var logs = Logs();
        Refused(logs.CreateLogger(Ours), 4711, 20003, Thrown(new HttpRequestException("x")));
        logs.CreateLogger("Vendor.Library.Pump").LogCritical("{Anything} broke", "what somebody wrote");
        logs.CreateLogger(Ours).LogWarning("this is only a warning");
        (await WriteAsync()).ShouldBeTrue();

        (await RowsAsync()).ShouldBe([
            "sample_refused|Message 4711 was refused with 20003|NETWORK|HIGH|Sample|Refused",
            "pump_fault|{Anything} broke|SYSTEM|CRITICAL|Vendor.Library.Pump|",
        ]);
        var kept = await MetadataAsync("sample_refused");
        (kept.GetProperty("count").GetInt64(), kept.GetProperty("correlations")[0].GetString(), kept.GetProperty("exception").GetString())
            .ShouldBe((1, "4711", "HttpRequestException"));
        (await _database.ScalarAsync<string>("select stack_trace from error_logs where error_type = 'sample_refused'"))!
            .ShouldStartWith("System.Net.Http.HttpRequestException\n   at SmsAi.Tests.Platform.Logging.KeptFaultsTests.Thrown");
    }

    [Fact]
    public async Task Flood_is_one_row_that_counts()
    {
        using var logs = Logs();
        var log = logs.CreateLogger(Ours);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var n = 0; n < 500; n++)
                Refused(log, worker * 500 + n, 20003, null);
        })));
        using var writer = Writer();
        (await writer.WriteAsync(CancellationToken.None)).ShouldBeTrue();
        Refused(log, 9999, 20003, null);
        (await writer.WriteAsync(CancellationToken.None)).ShouldBeTrue();

        (await RowsAsync()).Count.ShouldBe(1);
        var kept = await MetadataAsync("sample_refused");
        kept.GetProperty("count").GetInt64().ShouldBe(4001);
        kept.GetProperty("correlations").EnumerateArray().Last().GetString().ShouldBe("9999");
        kept.GetProperty("correlations").GetArrayLength().ShouldBe(20);
    }

    [Fact]
    public async Task Fault_that_comes_again_after_it_was_resolved_or_an_hour_later_is_a_new_row()
    {
        using var logs = Logs();
        var clock = new ManualTime();
        using var writer = Writer(clock);
        async Task AgainAsync()
        {
            Refused(logs.CreateLogger(Ours), 1, 20003, null);
            (await writer.WriteAsync(CancellationToken.None)).ShouldBeTrue();
        }

        await AgainAsync();
        await _database.ExecuteAsync("update error_logs set resolved = true, resolved_at = now()");
        await AgainAsync();
        (await CountsAsync()).ShouldBe([1, 1]);
        await AgainAsync();
        (await CountsAsync()).ShouldBe([1, 2]);
        clock.Pass(TimeSpan.FromHours(1));
        await AgainAsync();
        (await CountsAsync()).ShouldBe([1, 2, 1]);
    }

    [Fact]
    public async Task Database_that_is_away_loses_none_and_what_finds_no_room_is_counted()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var logs = Logs();
        using var writer = Writer(databases: database.Databases);
        await postgres.StopAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var kind = 0; kind < FaultCollector.Most + 10; kind++)
                logs.CreateLogger(string.Create(CultureInfo.InvariantCulture, $"Kind{kind}")).LogError("it broke");
            (await writer.WriteAsync(CancellationToken.None)).ShouldBeFalse();
        }

        await postgres.StartAsync();
        await Until.TrueAsync(() => writer.WriteAsync(CancellationToken.None), "they are kept");
        (await database.ScalarAsync<long>("select count(*) from error_logs where error_message = 'it broke' and metadata->>'count' = '3'")).ShouldBe(FaultCollector.Most);
        (await database.ListAsync<string>("select severity || ' ' || error_message from error_logs where error_type = 'faults_dropped'"))
            .ShouldBe(["MEDIUM 30 errors could not be kept here; the log files have them."]);
    }

    [Fact]
    public async Task Keeping_makes_no_faults_of_its_own()
    {
        using var logs = Logs();
        using var pool = new Louder(_faults);
        await using var databases = new Databases(_database.ConnectionString, pool);
        Refused(logs.CreateLogger(Ours), 1, 20003, null);
        using var writer = Writer(databases: databases);
        (await writer.WriteAsync(CancellationToken.None)).ShouldBeTrue();
        pool.Said.ShouldBeGreaterThan(0);
        _faults.Take().Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Canaries_reach_no_column_however_they_get_there()
    {
        const string phone = "+15005550987", token = "canary-token-1", body = "meet me at the old mill";
        using var logs = Logs();
        var log = logs.CreateLogger(Ours);
        log.LogError(Thrown(new FormatException($"'{body}' from {phone} is not in a correct format")), "of {Number} with {Token}", phone, token);
        logs.CreateLogger("Vendor").LogError(new InvalidOperationException("outer", new JsonException(body)), "could not read {Text}", body);
        using (log.BeginScope(new Dictionary<string, object> { ["CorrelationId"] = phone, ["Text"] = body }))
            log.LogError("inside");
        (await WriteAsync()).ShouldBeTrue();
        var rows = await _database.ListAsync<string>("select error_logs::text from error_logs");
        rows.Count.ShouldBe(3);
        rows.ShouldAllBe(row => !row.Contains("5005550987") && !row.Contains(token) && !row.Contains("old mill"));
        rows.Count(row => row.Contains("[redacted]")).ShouldBe(2);
    }

    [Fact]
    public async Task Host_keeps_what_is_logged_while_it_runs_and_last()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Logs:Folder", _folder), new("ConnectionStrings:Postgres", _database.ConnectionString)]);
        builder.Services.AddLogs(builder.Configuration, _folder).AddDatabase(builder.Configuration).AddKeptFaults(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync();
        var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Ours);
        Refused(log, 1, 20003, null);
        await Until.TrueAsync(async () => (await RowsAsync()).Count == 1, "it is kept");
        log.LogError("the last words");
        await host.StopAsync();
        (await RowsAsync()).Count.ShouldBe(2);
    }

    private SerilogLoggerFactory Logs() =>
        new(new LoggerConfiguration().Enrich.FromLogContext().WriteTo.Sink(_faults).CreateLogger(), dispose: true);

    private FaultWriter Writer(TimeProvider? clock = null, Databases? databases = null) => new(
        _faults, databases ?? _database.Databases, new Redaction(["canary-token-1"]), clock ?? TimeProvider.System, NullLogger<FaultWriter>.Instance);

    private async Task<bool> WriteAsync()
    {
        using var writer = Writer();
        return await writer.WriteAsync(CancellationToken.None);
    }

    private Task<IReadOnlyList<string>> RowsAsync() => _database.ListAsync<string>(
        "select concat_ws('|', error_type, error_message, category, severity, component, operation) from error_logs order by id");

    private Task<IReadOnlyList<long>> CountsAsync() => _database.ListAsync<long>("select (metadata->>'count')::bigint from error_logs order by id");

    private async Task<JsonElement> MetadataAsync(string type) =>
        JsonDocument.Parse((await _database.ScalarAsync<string>("select metadata::text from error_logs where error_type = $1", type))!).RootElement;

    private static Exception Thrown(Exception fault)
    {
        try
        {
            throw fault;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Message {MessageId} was refused with {Code}", EventName = "LogRefused")]
    private static partial void Refused(Microsoft.Extensions.Logging.ILogger logger, long messageId, int code, Exception? fault);

    /// <summary>A database client whose every word is an error.</summary>
    private sealed class Louder(FaultCollector faults) : ILoggerFactory, Microsoft.Extensions.Logging.ILogger
    {
        public int Said { get; private set; }

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Said++;
            faults.Emit(new LogEvent(DateTimeOffset.UtcNow, LogEventLevel.Error, exception, new MessageTemplate([]), []));
        }

        public void Dispose()
        {
        }
    }
}
