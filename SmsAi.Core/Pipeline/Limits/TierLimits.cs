using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>What each tier allows: the configured keys, else the table of tiers, of which a copy at most ten seconds old is kept.</summary>
public sealed partial class TierLimits(Databases databases, IOptions<LimitsOptions> options, TimeProvider clock, ILogger<TierLimits> logger)
    : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TierLimit Strictest = new("free", 10, 50);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private Copy? _copy;

    /// <summary>The limits of a tier; an unknown one counts as the free tier.</summary>
    public async ValueTask<TierLimit> OfAsync(short tierId, CancellationToken cancel)
    {
        var known = Volatile.Read(ref _copy);
        if (known is null)
            known = await ReadAsync(cancel);
        else if (clock.GetElapsedTime(known.ReadAt) > Fresh && _reading.CurrentCount > 0)
            // Nobody waits for a fresh copy; the next text has it.
            _ = ReadAsync(CancellationToken.None);
        return known.Tiers.GetValueOrDefault(tierId) ?? WithKeys(Strictest);
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Copy> ReadAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            var known = Volatile.Read(ref _copy);
            if (known is not null && clock.GetElapsedTime(known.ReadAt) <= Fresh)
                return known;
            var read = await QueryAsync(cancel) ?? new Copy(known?.Tiers ?? FrozenDictionary<short, TierLimit>.Empty, clock.GetTimestamp());
            Volatile.Write(ref _copy, read);
            return read;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<Copy?> QueryAsync(CancellationToken cancel)
    {
        try
        {
            await using var command = databases.Road.CreateCommand("select id, name, per_minute, per_day, per_month, tokens_month, micros_month, segments_month, models, context_turns from tiers");
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var tiers = new Dictionary<short, TierLimit>();
            while (await reader.ReadAsync(cancel))
                tiers[reader.GetInt16(0)] = WithKeys(Of(reader));
            return new Copy(tiers.ToFrozenDictionary(), clock.GetTimestamp());
        }
        catch (NpgsqlException fault)
        {
            LogUnread(fault.SqlState ?? "no answer");
            return null;
        }
    }

    private static TierLimit Of(NpgsqlDataReader row) => new(row.GetString(1), row.GetInt32(2), row.GetInt32(3))
    {
        Month = new(row.GetInt32(4), row.GetInt64(5), row.GetInt64(6), row.GetInt32(7)),
        Models = row.GetFieldValue<string[]>(8),
        ContextTurns = row.IsDBNull(9) ? null : row.GetInt16(9),
    };

    private TierLimit WithKeys(TierLimit tier) =>
        options.Value.Tiers.TryGetValue(tier.Name, out var key)
            ? tier with { PerMinute = key.PerMinute ?? tier.PerMinute, PerDay = key.PerDay ?? tier.PerDay }
            : tier;

    [LoggerMessage(1401, LogLevel.Warning, "The tiers were not read ({SqlState}); the last known limits stay")]
    private partial void LogUnread(string sqlState);

    private sealed record Copy(FrozenDictionary<short, TierLimit> Tiers, long ReadAt);
}

/// <summary>A tier's limits, of which 0 is off, and how its people are answered.</summary>
public sealed record TierLimit(string Name, int PerMinute, int PerDay)
{
    public MonthLimits Month { get; init; }

    /// <summary>The models that may answer; none: whichever is set.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Earlier messages the model is shown; null: as set.</summary>
    public int? ContextTurns { get; init; }

    /// <summary>The model that answers: the one that is set, if it may, else the first that may.</summary>
    public string ModelOf(string set) => Models.Count == 0 || Models.Contains(set) ? set : Models[0];
}
