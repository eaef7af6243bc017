using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>What one pass of a reader found.</summary>
/// <param name="Applied">Events applied (or skipped) and committed.</param>
/// <param name="MoreSoon">More wait: behind a running transaction, or another replica is at work with this reader.</param>
internal readonly record struct PassResult(int Applied, bool MoreSoon);

/// <summary>One reader's way through the ledger, a batch at a time: events, what they mean and the cursor commit together.</summary>
internal sealed class LedgerPass(NpgsqlDataSource database, ILedgerReader reader, LedgerWindow window)
{
    private bool _cursorExists;

    public async Task<PassResult> RunOnceAsync(int limit, bool skip, CancellationToken cancel)
    {
        var (settled, unsettled) = await PeekAsync(cancel);
        if (!settled)
            return new(0, unsettled);

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await TakeCursorAsync(connection, cancel) is not { } cursor)
            return new(0, MoreSoon: true);

        // 1. This replica alone has the cursor. Whoever dies from here to 4 leaves everything as it was.
        var (events, last) = await window.ReadAsync(connection, cursor, limit, cancel);
        if (events.Count == 0)
            return new(0, unsettled);

        // 2. The events are settled: no other can come to stand before them.
        await ApplyAsync(connection, events, skip, cancel);

        // 3. Effect and cursor are written and not yet committed; a crash here applies the same events once more, to the old figures.
        await MoveCursorAsync(connection, last, cancel);
        await transaction.CommitAsync(cancel);

        // 4. Applied for good, once.
        if (!skip)
            (reader as ILedgerFollower)?.Committed(events);
        return new(events.Count, events.Count == limit || unsettled);
    }

    private async Task<(bool Settled, bool Unsettled)> PeekAsync(CancellationToken cancel)
    {
        if (!_cursorExists)
        {
            await using var make = database.CreateCommand(LedgerSql.MakeCursor);
            make.Parameters.Add(new() { Value = reader.Name });
            await make.ExecuteNonQueryAsync(cancel);
            _cursorExists = true;
        }

        await using var peek = database.CreateCommand(LedgerSql.Peek);
        peek.Parameters.Add(new() { Value = reader.Name });
        await using var rows = await peek.ExecuteReaderAsync(cancel);
        _cursorExists = await rows.ReadAsync(cancel);
        return _cursorExists ? (rows.GetBoolean(0), rows.GetBoolean(1)) : (false, true);
    }

    private async Task<LedgerPosition?> TakeCursorAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(LedgerSql.BeginWork), new(LedgerSql.TakeCursor) { Parameters = { new() { Value = reader.Name } } } },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        return await rows.ReadAsync(cancel) ? new LedgerPosition(rows.GetFieldValue<ulong>(0), rows.GetInt64(1)) : null;
    }

    private async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, bool skip, CancellationToken cancel)
    {
        if (skip)
        {
            await SkipAsync(connection, events[0], cancel);
            return;
        }

        try
        {
            await reader.ApplyAsync(connection, events, cancel);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested && !DatabaseOutage.Is(fault))
        {
            throw new ReaderFaultException(events.Count, fault);
        }
    }

    private async Task SkipAsync(NpgsqlConnection connection, LedgerEvent skipped, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(LedgerSql.Skip, connection)
        {
            Parameters =
            {
                new() { Value = reader.Name },
                new() { Value = $"The reader {reader.Name} could not apply the event {skipped.Id} ({skipped.Type}); it was left out." },
                new() { Value = $$"""{"event":{{skipped.Id}},"stream":{{skipped.StreamId}},"version":{{skipped.Version}}}""" },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task MoveCursorAsync(NpgsqlConnection connection, LedgerPosition last, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(LedgerSql.MoveCursor, connection)
        {
            Parameters = { new() { Value = reader.Name }, last.TxParameter(), new() { Value = last.Id } },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>A reader refused its events, through no fault of the database; one of them may be the culprit.</summary>
internal sealed class ReaderFaultException(int events, Exception fault) : Exception("A reader could not apply its events.", fault)
{
    public int Events { get; } = events;
}
