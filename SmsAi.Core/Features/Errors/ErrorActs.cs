using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Errors;

/// <summary>What came of resolving or reopening.</summary>
/// <param name="Changed">How many errors.</param>
/// <param name="Before">Who had resolved it before, when nothing was left to change.</param>
public sealed record ErrorsChanged(long Changed, string? Before = null);

/// <summary>Resolves errors and opens them again, each act in one transaction with its line of the audit trail.</summary>
public sealed class ErrorActs(Databases databases, OpenErrors open)
{
    public const int LongestNote = 500;

    public Task<ErrorsChanged> ResolveAsync(long id, string note, Actor actor, CancellationToken cancel) => OneAsync(ErrorSql.Resolve, "error.resolve", id, note, actor, cancel);

    public Task<ErrorsChanged> ReopenAsync(long id, string note, Actor actor, CancellationToken cancel) => OneAsync(ErrorSql.Reopen, "error.reopen", id, note, actor, cancel);

    /// <summary>Resolves all open ones of this error's kind that were there when it was seen.</summary>
    /// <param name="upTo">The newest error that was seen.</param>
    public async Task<ErrorsChanged> ResolveKindAsync(ErrorView error, long upTo, string note, Actor actor, CancellationToken cancel)
    {
        Demand(actor, note);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand(ErrorSql.ResolveKind, connection)
        {
            Parameters = { new() { Value = error.Type }, new() { Value = error.Component }, new() { Value = actor.Name }, Note(note), new() { Value = upTo } },
        };
        var changed = await command.ExecuteNonQueryAsync(cancel);
        if (changed > 0)
        {
            var metadata = JsonSerializer.Serialize(new { kind = error.Type, component = error.Component, errors = changed, reason = note });
            await AuditTrail.AppendAsync(connection, new AuditAct(actor, "error.resolve_kind", "errors", metadata), cancel);
            await transaction.CommitAsync(cancel);
            await open.CountAsync(cancel);
        }

        return new(changed);
    }

    private async Task<ErrorsChanged> OneAsync(string sql, string act, long id, string note, Actor actor, CancellationToken cancel)
    {
        Demand(actor, note);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        string? kind = null, component = null;
        await using (var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id }, new() { Value = actor.Name }, Note(note) } })
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (await row.ReadAsync(cancel)) (kind, component) = (row.GetString(0), row.GetString(1));
        }

        if (kind is null)
            return new(0, await WhoAsync(connection, id, cancel));
        var metadata = JsonSerializer.Serialize(new { kind, component, reason = note });
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, act, string.Create(CultureInfo.InvariantCulture, $"error:{id}"), metadata), cancel);
        await transaction.CommitAsync(cancel);
        await open.CountAsync(cancel);
        return new(1);
    }

    private static async Task<string?> WhoAsync(NpgsqlConnection connection, long id, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(ErrorSql.WhoResolved, connection) { Parameters = { new() { Value = id } } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    private static NpgsqlParameter Note(string note) => new() { Value = note.Length == 0 ? DBNull.Value : note, NpgsqlDbType = NpgsqlDbType.Text };

    private static void Demand(Actor actor, string note)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Resolving errors needs the right to operate.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(note.Length, LongestNote);
    }
}
