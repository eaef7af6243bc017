using System.Runtime.CompilerServices;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Reads one stream again, from a version on, in order: what happened in a conversation, or to the service (stream 0).</summary>
public sealed class LedgerReplay(Databases databases)
{
    private const int Page = 500;

    public async IAsyncEnumerable<LedgerEvent> ReadAsync(
        long stream, long fromVersion = 1, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        List<LedgerEvent> page;
        do
        {
            page = await ReadPageAsync(stream, fromVersion, cancel);
            foreach (var entry in page)
                yield return entry;
            fromVersion = page is [.., var last] ? last.Version + 1 : fromVersion;
        }
        while (page.Count == Page);
    }

    private async Task<List<LedgerEvent>> ReadPageAsync(long stream, long fromVersion, CancellationToken cancel)
    {
        // A page at a time, so that a slow consumer holds no connection.
        await using var command = databases.Pages.CreateCommand(LedgerSql.Replay);
        command.Parameters.Add(new() { Value = stream });
        command.Parameters.Add(new() { Value = fromVersion });
        command.Parameters.Add(new() { Value = Page });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<LedgerEvent> events = [];
        while (await rows.ReadAsync(cancel))
            events.Add(LedgerRows.Event(rows));
        return events;
    }
}
