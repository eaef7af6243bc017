using Npgsql;
using NpgsqlTypes;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>One array parameter of a batch: a column over its items.</summary>
internal static class Columns
{
    public static NpgsqlParameter<T[]> Of<TItem, T>(IReadOnlyList<TItem> items, Func<TItem, T> column, NpgsqlDbType type)
    {
        var values = new T[items.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = column(items[index]);
        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
