using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>One event as read from the ledger.</summary>
public sealed record LedgerEvent(long Id, long StreamId, long Version, string Type, long? CorrelationId, string Data, DateTimeOffset At);

/// <summary>A projection of the ledger: applies batches of events in order, in the transaction that moves its cursor.</summary>
public interface ILedgerReader
{
    /// <summary>The name of its cursor.</summary>
    string Name { get; }

    /// <summary>Writes what the events mean; called again with the same events if the transaction fails, never after it committed.</summary>
    Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel);
}
