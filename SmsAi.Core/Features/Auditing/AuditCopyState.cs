using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Auditing;

/// <summary>How far the trail is copied to a place outside.</summary>
/// <param name="Sink">file or webhook.</param>
/// <param name="Host">Whose file it is, where there are several; else empty.</param>
/// <param name="FailingSince">Null while it works.</param>
public sealed record AuditCopyState(
    string Sink, string Host, long CopiedId, DateTimeOffset? CopiedAt, DateTimeOffset? FailingSince, string? Fault, DateTimeOffset NextTry, long Waiting);

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
                row.GetString(0), row.GetString(1), row.GetInt64(2), Moment(row, 3), Moment(row, 4), row.IsDBNull(5) ? null : row.GetString(5),
                row.GetFieldValue<DateTimeOffset>(6), row.GetInt64(7)));
        }

        return states;
    }

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
