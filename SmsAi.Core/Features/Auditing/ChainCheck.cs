using System.Data;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Auditing;

/// <summary>
/// Walks along the trail's chain inside the database and names the first row that is not what it was. Each verdict is kept with the head
/// it saw, in the database and in the log, so that a later walk finds a cut end even where the head was mended.
/// </summary>
public sealed partial class ChainCheck(Databases databases, TimeProvider time, ILogger<ChainCheck> log)
{
    private static readonly string[] FaultWords = [.. Enum.GetNames<ChainFault>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The newest verdict; null when nobody ever asked.</summary>
    public async Task<ChainVerdict?> LastAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(AuditSql.LastVerdict);
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel))
            return null;
        var found = row.IsDBNull(6) ? null : new ChainBreak((ChainFault)Array.IndexOf(FaultWords, row.GetString(6)), row.GetInt64(7), row.GetInt64(8));
        return new ChainVerdict(
            row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.GetInt64(2), TimeSpan.FromMilliseconds(row.GetInt32(3)), row.GetInt64(4),
            row.GetFieldValue<byte[]>(5), found);
    }

    /// <summary>Walks, keeps the verdict and writes the act into the trail itself.</summary>
    public async Task<ChainVerdict> VerifyAsync(Actor actor, CancellationToken cancel)
    {
        AuditRights.Demand(actor, Rights.CanReadAudit);
        var began = time.GetTimestamp();
        // A long reading, kept off the pages' connections.
        await using var connection = await databases.Exports.OpenConnectionAsync(cancel);
        var walk = await WalkAsync(connection, cancel);
        var verdict = new ChainVerdict(default, actor.Name, walk.Rows, time.GetElapsedTime(began), walk.HeadId, walk.HeadHash, walk.Break);
        verdict = verdict with { At = await KeepAsync(connection, verdict, actor, cancel) };
        if (verdict.Break is { } found)
            LogBroken(found.Fault, found.First, found.Last, verdict.Rows);
        else
            LogWhole(verdict.Rows, verdict.HeadId, Convert.ToHexStringLower(verdict.HeadHash));
        return verdict;
    }

    /// <summary>One snapshot for all questions: rows are appended meanwhile.</summary>
    private static async Task<Walk> WalkAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var (walk, firstBroken) = await ReadAsync(connection, cancel);
        if (firstBroken is { } broken)
            walk = walk with { Break = await NameAsync(connection, broken, cancel) };
        if (walk.Break is null && await RewrittenAsync(connection, cancel) is { } other)
            walk = walk with { Break = new ChainBreak(ChainFault.Rewritten, other, other) };
        await snapshot.CommitAsync(cancel);
        return walk;
    }

    private static async Task<(Walk Walk, long? FirstBroken)> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(AuditSql.Walk, connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        var (rows, last) = (row.GetInt64(0), row.GetInt64(1));
        var lastHash = row.IsDBNull(5) ? new byte[32] : row.GetFieldValue<byte[]>(5);
        if (row.IsDBNull(3))
            return (new Walk(rows, last, lastHash, new ChainBreak(ChainFault.HeadMissing, last + 1, last + 1)), Broken(row));
        var (head, headHash) = (row.GetInt64(3), row.GetFieldValue<byte[]>(4));
        ChainBreak? end = head.CompareTo(last) switch
        {
            > 0 => new(ChainFault.TailMissing, last + 1, head),
            < 0 => new(ChainFault.BeyondHead, head + 1, last),
            _ when !headHash.AsSpan().SequenceEqual(lastHash) => new(ChainFault.HeadAltered, last, last),
            _ => null,
        };
        return (new Walk(rows, head, headHash, end), Broken(row));
    }

    private static long? Broken(NpgsqlDataReader row) => row.IsDBNull(2) ? null : row.GetInt64(2);

    private static async Task<ChainBreak> NameAsync(NpgsqlConnection connection, long broken, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(AuditSql.Broken, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = broken } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        var (before, follows, fits) = (row.GetInt64(0), row.GetBoolean(1), row.GetBoolean(2));
        if (before + 1 < broken)
            return new(ChainFault.Missing, before + 1, broken - 1);
        if (!follows && !row.IsDBNull(3))
            return new(ChainFault.Swapped, broken, row.GetInt64(3));
        return new(fits ? ChainFault.Unlinked : ChainFault.Altered, broken, broken);
    }

    private static async Task<long?> RewrittenAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(AuditSql.Rewritten, connection);
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    private async Task<DateTimeOffset> KeepAsync(NpgsqlConnection connection, ChainVerdict verdict, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var keep = new NpgsqlCommand(AuditSql.Keep, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = verdict.By },
                new NpgsqlParameter<long> { TypedValue = verdict.Rows },
                new NpgsqlParameter<int> { TypedValue = (int)verdict.Took.TotalMilliseconds },
                new NpgsqlParameter<long> { TypedValue = verdict.HeadId },
                new NpgsqlParameter<byte[]> { TypedValue = verdict.HeadHash },
                new NpgsqlParameter { Value = verdict.Break is { } found ? FaultWords[(int)found.Fault] : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter { Value = (object?)verdict.Break?.First ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter { Value = (object?)verdict.Break?.Last ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            },
        };
        var at = new DateTimeOffset((DateTime)(await keep.ExecuteScalarAsync(cancel))!);
        var metadata = JsonSerializer.Serialize(new
        {
            rows = verdict.Rows,
            head = Convert.ToHexStringLower(verdict.HeadHash),
            whole = verdict.IsWhole,
            verdict = verdict.Break?.Words ?? "Chain is whole.",
        });
        await transaction.SaveAsync("kept", cancel);
        try
        {
            await AuditTrail.AppendAsync(connection, new AuditAct(actor, "audit.verify", "audit", metadata), cancel);
        }
        catch (PostgresException fault) when (!verdict.IsWhole)
        {
            // A chain whose head is gone or points back takes no more rows; that must not hide that it is broken.
            await transaction.RollbackAsync("kept", cancel);
            LogNotAppended(fault);
        }

        await transaction.CommitAsync(cancel);
        return at;
    }

    [LoggerMessage(2501, LogLevel.Information, "The audit trail's chain is whole: {Rows} rows, head {HeadId} {HeadHash}")]
    private partial void LogWhole(long rows, long headId, string headHash);

    [LoggerMessage(2502, LogLevel.Critical, "The audit trail's chain is broken: {Fault}, first row {First}, last {Last}, of {Rows} rows")]
    private partial void LogBroken(ChainFault fault, long first, long last, long rows);

    [LoggerMessage(2503, LogLevel.Critical, "The audit trail takes no more rows")]
    private partial void LogNotAppended(Exception fault);

    private sealed record Walk(long Rows, long HeadId, byte[] HeadHash, ChainBreak? Break);
}
