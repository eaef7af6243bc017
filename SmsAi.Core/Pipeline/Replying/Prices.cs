using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Keeps the price table at hand, so that no answer waits for the database to be priced.</summary>
public sealed partial class Prices(Databases databases, TimeProvider time, ILogger<Prices> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, bool> _unknown = new(StringComparer.OrdinalIgnoreCase);
    private PriceTable _table = new([], default);
    private long _loadedAt;
    private int _loading;
    private Task? _first;

    /// <summary>What an answer cost, in micro-dollars. An unknown model is priced as the dearest known one, and reported once.</summary>
    public long Micros(string model, ModelUsage usage)
    {
        RefreshIfOld();
        var cost = Volatile.Read(ref _table).Cost(model, usage);
        if (!cost.IsPriceKnown && _unknown.TryAdd(model, true))
            LogUnknown(logger, model);
        return cost.Micros;
    }

    /// <summary>Reads the table anew, at start and after an operator changed a price.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("select provider, model, usage, micros_per_million, valid_from from prices");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<Price> prices = [];
        while (await reader.ReadAsync(cancel))
            prices.Add(new Price(
                reader.GetString(0), reader.GetString(1), UsageOf(reader.GetString(2)), reader.GetInt64(3), reader.GetFieldValue<DateOnly>(4)));
        Volatile.Write(ref _table, new PriceTable(prices, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)));
        Volatile.Write(ref _loadedAt, time.GetTimestamp());
    }

    /// <summary>Waits for the first reading, so that no answer is priced by guess while the program starts.</summary>
    public ValueTask ReadyAsync()
    {
        if (Volatile.Read(ref _loadedAt) != 0)
            return ValueTask.CompletedTask;
        // A burst of answers at start waits for one reading, not for one each.
        lock (_unknown)
            return new ValueTask(_first ??= RefreshAsync());
    }

    private void RefreshIfOld()
    {
        var last = Volatile.Read(ref _loadedAt);
        if (last != 0 && time.GetElapsedTime(last) < Fresh || Interlocked.Exchange(ref _loading, 1) == 1)
            return;
        _ = RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await LoadAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or ObjectDisposedException)
        {
            // The old prices stand, and the next try waits its turn.
            Volatile.Write(ref _loadedAt, time.GetTimestamp());
            LogNotLoaded(logger, fault.GetType().Name);
        }
        finally
        {
            Volatile.Write(ref _loading, 0);
        }
    }

    private static PriceUsage UsageOf(string word) => word switch
    {
        "cached_input" => PriceUsage.CachedInput,
        "output" => PriceUsage.Output,
        _ => PriceUsage.Input,
    };

    [LoggerMessage(1301, LogLevel.Warning, "No price is known for the model {Model}; it is counted as the dearest known one")]
    private static partial void LogUnknown(ILogger logger, string model);

    [LoggerMessage(1302, LogLevel.Warning, "The price table could not be read ({Fault}); the last known prices stand")]
    private static partial void LogNotLoaded(ILogger logger, string fault);
}
