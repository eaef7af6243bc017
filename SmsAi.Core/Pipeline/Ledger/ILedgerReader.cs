using System.Text;
using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>One event as read from the ledger; shared by its readers.</summary>
/// <param name="data">A JSON object in UTF-8.</param>
public sealed class LedgerEvent(long id, long streamId, long version, string type, long? correlationId, byte[] data, DateTimeOffset at)
{
    public long Id => id;

    public long StreamId => streamId;

    public long Version => version;

    public string Type => type;

    public long? CorrelationId => correlationId;

    public string Data => Encoding.UTF8.GetString(data);

    public DateTimeOffset At => at;

    /// <summary>The data, parsed once for all who ask; two that ask at the same moment parse the same.</summary>
    internal EventData Fields => field ??= EventData.Parse(data);
}

/// <summary>A projection of the ledger: applies batches of events in order, in the transaction that moves its cursor.</summary>
public interface ILedgerReader
{
    /// <summary>The name of its cursor.</summary>
    string Name { get; }

    /// <summary>Writes what the events mean; called again with the same events if the transaction fails, never after it committed.</summary>
    Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel);
}
