using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>
/// Settled events as they were read last, for all readers of a replica: nothing ever changes among them, so whoever stands where another
/// stood a moment ago takes what that one read. A reader that is behind or ahead reads for itself; none waits for another.
/// </summary>
internal sealed class LedgerWindow
{
    private volatile Stretch? _last;

    /// <summary>Up to <paramref name="limit"/> settled events after a place, and where the last of them stands.</summary>
    public async Task<(IReadOnlyList<LedgerEvent> Events, LedgerPosition Last)> ReadAsync(
        NpgsqlConnection connection, LedgerPosition after, int limit, CancellationToken cancel)
    {
        if (_last is { } last && last.From(after, limit) is { Count: > 0 } known)
            return (known.Events, known.Last);
        var stretch = await Stretch.ReadAsync(connection, after, limit, cancel);
        if (stretch.Count > 0)
            _last = stretch;
        return (stretch.Events, stretch.Last);
    }

    private sealed record Stretch(LedgerPosition After, List<LedgerEvent> Events, List<LedgerPosition> Places)
    {
        public int Count => Events.Count;

        public LedgerPosition Last => Count == 0 ? After : Places[^1];

        public static async Task<Stretch> ReadAsync(NpgsqlConnection connection, LedgerPosition after, int limit, CancellationToken cancel)
        {
            await using var command = new NpgsqlCommand(LedgerSql.Read, connection)
            {
                Parameters = { after.TxParameter(), new() { Value = after.Id }, new() { Value = limit } },
            };
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var stretch = new Stretch(after, [], []);
            while (await rows.ReadAsync(cancel))
            {
                stretch.Events.Add(LedgerRows.Event(rows));
                stretch.Places.Add(new(rows.GetFieldValue<ulong>(7), rows.GetInt64(0)));
            }

            return stretch;
        }

        /// <summary>The part after a place; null where that place stands before this stretch.</summary>
        public Stretch? From(LedgerPosition after, int limit)
        {
            if (after.CompareTo(After) < 0)
                return null;
            if (after == After && Count <= limit)
                return this;
            var at = Places.BinarySearch(after);
            var first = at < 0 ? ~at : at + 1;
            var count = Math.Min(limit, Count - first);
            return new(after, Events.GetRange(first, count), Places.GetRange(first, count));
        }
    }
}
