using Npgsql;
using NpgsqlTypes;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>A place in the ledger: the event's transaction, then its id.</summary>
internal readonly record struct LedgerPosition(ulong Tx, long Id) : IComparable<LedgerPosition>
{
    public int CompareTo(LedgerPosition other) => Tx != other.Tx ? Tx.CompareTo(other.Tx) : Id.CompareTo(other.Id);

    public NpgsqlParameter TxParameter() => new() { Value = Tx, NpgsqlDbType = NpgsqlDbType.Xid8 };
}
