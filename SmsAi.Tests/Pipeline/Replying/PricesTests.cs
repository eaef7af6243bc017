using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Replying;

public sealed class PricesTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly Notebook _log = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    // Dollars for a million tokens of question and answer, as the services publish them.
    [InlineData("gpt-4o-mini", 150_000, 600_000)]
    [InlineData("gpt-4o", 2_500_000, 10_000_000)]
    [InlineData("gpt-4", 30_000_000, 60_000_000)]
    [InlineData("gpt-3.5-turbo", 500_000, 1_500_000)]
    [InlineData("sandbox", 150_000, 600_000)]
    public async Task A_fresh_installation_knows_the_prices(string model, long input, long output)
    {
        var prices = Prices();
        await prices.ReadyAsync();

        prices.Micros(model, new ModelUsage(1_000_000, 0, 0, 0)).ShouldBe(input);
        prices.Micros(model, new ModelUsage(0, 0, 1_000_000, 0)).ShouldBe(output);
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_price_counts_within_minutes()
    {
        var prices = Prices();
        await prices.ReadyAsync();
        var usage = new ModelUsage(1_000_000, 0, 0, 0);
        await _database.ExecuteAsync(
            "insert into prices (provider, model, usage, micros_per_million, valid_from) values ('openai', 'gpt-4o-mini', 'input', 90000, '2026-01-01')");

        _time.Pass(TimeSpan.FromMinutes(11));
        prices.Micros("gpt-4o-mini", usage);

        await Until.EqualAsync(90_000, () => Task.FromResult(prices.Micros("gpt-4o-mini", usage)));
    }

    [Fact]
    public async Task An_unknown_model_is_said_once()
    {
        var prices = Prices();
        await prices.ReadyAsync();

        for (var i = 0; i < 3; i++)
            prices.Micros("new-model", new ModelUsage(1_000_000, 0, 0, 0)).ShouldBe(30_000_000);

        _log.Lines.ShouldHaveSingleItem().ShouldContain("new-model");
    }

    private Prices Prices() => new(_database.Databases, _time, _log);

    private sealed class Notebook : ILogger<Prices>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
