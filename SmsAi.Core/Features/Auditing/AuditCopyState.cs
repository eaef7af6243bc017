using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Auditing;

/// <summary>How far the trail is copied to a place outside.</summary>
/// <param name="Sink">file or webhook.</param>
/// <param name="FailingSince">Null while it works.</param>
public sealed record AuditCopyState(
    string Sink, long CopiedId, DateTimeOffset? CopiedAt, DateTimeOffset? FailingSince, string? Fault, DateTimeOffset NextTry, long Waiting);

/// <summary>Reads how the copies outside stand; empty when none is kept.</summary>
public sealed class AuditCopies(Databases databases)
{
    public async Task<IReadOnlyList<AuditCopyState>> ReadAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(AuditCopySql.State);
        await using var row = await command.ExecuteReaderAsync(cancel);
        List<AuditCopyState> states = [];
        while (await row.ReadAsync(cancel))
        {
            states.Add(new(
                row.GetString(0), row.GetInt64(1), Moment(row, 2), Moment(row, 3), row.IsDBNull(4) ? null : row.GetString(4), row.GetFieldValue<DateTimeOffset>(5),
                row.GetInt64(6)));
        }

        return states;
    }

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
