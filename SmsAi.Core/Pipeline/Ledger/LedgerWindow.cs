using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>
/// The newest settled events as this replica's readers read them, shared: nothing ever changes among them, so who comes later takes what
/// another has read already. A reader that is further behind or ahead reads for itself; none waits for another.
/// </summary>
internal sealed class LedgerWindow
{
    // What comes at full load between two passes of a reader that keeps the usual pace.
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly List<LedgerEvent> _events = [];
    private readonly List<LedgerPosition> _places = [];
    private LedgerPosition _begin;

    private LedgerPosition End => _places.Count == 0 ? _begin : _places[^1];

    /// <summary>Up to <paramref name="limit"/> settled events after a place, and where the last of them stands.</summary>
    public async Task<(IReadOnlyList<LedgerEvent> Events, LedgerPosition Last)> ReadAsync(
        NpgsqlConnection connection, LedgerPosition after, int limit, CancellationToken cancel)
    {
        if (Known(after, limit) is { } known)
            return known;
        List<LedgerEvent> events = [];
        List<LedgerPosition> places = [];
        await using var command = new NpgsqlCommand(LedgerSql.Read, connection)
        {
            Parameters = { after.TxParameter(), new() { Value = after.Id }, new() { Value = limit } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            events.Add(LedgerRows.Event(rows));
            places.Add(new(rows.GetFieldValue<ulong>(7), rows.GetInt64(0)));
        }

        if (events.Count == 0)
            return ([], after);
        Keep(after, events, places);
        return (events, places[^1]);
    }

    private (IReadOnlyList<LedgerEvent> Events, LedgerPosition Last)? Known(LedgerPosition after, int limit)
    {
        lock (_gate)
        {
            if (after.CompareTo(_begin) < 0 || after.CompareTo(End) >= 0)
                return null;
            var first = FirstAfter(_places, after);
            var count = Math.Min(limit, _places.Count - first);
            return (_events.GetRange(first, count), _places[first + count - 1]);
        }
    }

    // Only what joins on without a gap; whoever reads further on begins anew.
    private void Keep(LedgerPosition after, List<LedgerEvent> events, List<LedgerPosition> places)
    {
        lock (_gate)
        {
            if (after.CompareTo(_begin) < 0)
                return;
            if (after.CompareTo(End) > 0)
            {
                _events.Clear();
                _places.Clear();
                _begin = after;
            }

            var first = FirstAfter(places, End);
            _events.AddRange(events.GetRange(first, events.Count - first));
            _places.AddRange(places.GetRange(first, places.Count - first));
            var tooMany = _events.Count - Most;
            if (tooMany <= 0)
                return;
            _begin = _places[tooMany - 1];
            _events.RemoveRange(0, tooMany);
            _places.RemoveRange(0, tooMany);
        }
    }

    private static int FirstAfter(List<LedgerPosition> places, LedgerPosition place)
    {
        var at = places.BinarySearch(place);
        return at < 0 ? ~at : at + 1;
    }
}
