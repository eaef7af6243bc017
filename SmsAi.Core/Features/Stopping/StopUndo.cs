using System.Globalization;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Stopping;

/// <summary>What changing a hold's or a block's line of the trail back would do, or why it can't be done.</summary>
/// <param name="What">The line's act.</param>
/// <param name="Resource">Whom or what it is about, as the trail names it; a number by its two last digits.</param>
/// <param name="By">Who held or blocked, while that stands.</param>
/// <param name="Refusal">Null: it can be changed back.</param>
public sealed record StopBack(string What, string Resource, string? By, DateTimeOffset? Until, string? Refusal);

/// <summary>Changes back, from its line of the audit trail, a hold that was placed or lifted and a number that was blocked or unblocked.</summary>
public sealed class StopUndo(Databases databases, Holds holds, BlockedNumbers blocked, LiveFeed live)
{
    /// <summary>How long what was lifted and freed can be put back.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const string Again = "That was changed back already, ended by its own time, or is more than 90 days ago.";

    public static bool MayChangeBack(AuditLine line) => IdOf(line.Action, line.Resource, line.Metadata) is not null;

    /// <summary>Null when the line is none of these.</summary>
    public async Task<StopBack?> PreviewAsync(long line, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        return await FindAsync(connection, line, cancel) is { } act ? await LookAsync(connection, act.Action, act.Id, cancel) : null;
    }

    /// <summary>Null when it is done; otherwise why not. The new line names the one it undoes.</summary>
    public async Task<string?> ChangeBackAsync(long line, string reason, Actor actor, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Holding and blocking need the right to operate.");
        AuditReason.Demand(reason);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await FindAsync(connection, line, cancel) is not { } act || await LookAsync(connection, act.Action, act.Id, cancel) is not { } back)
            return "This line can't be changed back.";
        if (back.Refusal is { } refusal)
            return refusal;
        switch (act.Action)
        {
            case "hold.place":
                return await holds.LiftAsync(act.Id, reason, actor, cancel, line) ? null : "The hold was released meanwhile.";
            case "number.block":
                return await blocked.FreeAsync(act.Id, reason, actor, cancel, line) is null ? "The number was unblocked meanwhile." : null;
            case "hold.lift":
                await HoldAgainAsync(connection, act.Id, back, reason, actor, line, cancel);
                break;
            default:
                if (!await BlockAgainAsync(connection, act.Id, reason, actor, line, cancel))
                    return "The number was blocked again meanwhile.";
                break;
        }

        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        live.Publish(LiveTopics.People);
        return null;
    }

    private static async Task HoldAgainAsync(NpgsqlConnection connection, long id, StopBack back, string reason, Actor actor, long undoes, CancellationToken cancel)
    {
        await using var again = new NpgsqlCommand(HoldsSql.HoldAgain, connection) { Parameters = { new() { Value = id }, new() { Value = actor.Name } } };
        var hold = (long)(await again.ExecuteScalarAsync(cancel))!;
        var metadata = new { id = hold, before = new { held = false }, after = new { held = true, until = back.Until?.UtcDateTime }, reason, undoes };
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, "hold.place", back.Resource, JsonSerializer.Serialize(metadata, AuditTrail.WithoutNulls)), cancel);
    }

    private static async Task<bool> BlockAgainAsync(NpgsqlConnection connection, long id, string reason, Actor actor, long undoes, CancellationToken cancel)
    {
        FreedNumber number;
        await using (var freed = new NpgsqlCommand(HoldsSql.Freed, connection) { Parameters = { new() { Value = id } } })
        {
            await using var row = await freed.ExecuteReaderAsync(cancel);
            await row.ReadAsync(cancel);
            number = new(row.GetFieldValue<byte[]>(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3));
        }

        if (!await BlockedNumbers.BlockAsync(connection, number, reason, actor, undoes, cancel))
            return false;
        await using var forget = new NpgsqlCommand(HoldsSql.Forget, connection) { Parameters = { new() { Value = id } } };
        await forget.ExecuteNonQueryAsync(cancel);
        return true;
    }

    private static async Task<StopBack> LookAsync(NpgsqlConnection connection, string action, long id, CancellationToken cancel)
    {
        var sql = action switch
        {
            "hold.place" => HoldsSql.Standing,
            "hold.lift" => HoldsSql.Lifted,
            "number.block" => HoldsSql.BlockedNow,
            _ => HoldsSql.Freed,
        };
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        var isThere = await row.ReadAsync(cancel);
        return action switch
        {
            "hold.place" => isThere
                ? new(action, row.GetString(0), row.GetString(1), null, null)
                : new(action, "", null, null, "This hold was released since."),
            "number.block" => isThere
                ? new(action, row.GetString(0), row.GetString(1), null, null)
                : new(action, "", null, null, "This number was unblocked since."),
            "hold.lift" when isThere => new(
                action, row.GetString(0), null, Moment(row, 1), row.GetBoolean(2) ? "This hold would be over by now. Place a new one under Controls." : By(row, 3, "holds this again")),
            "number.free" when isThere => new(
                action, row.GetString(1), null, Moment(row, 3), row.GetBoolean(4) ? "This block would be over by now. Block the number anew under Controls." : By(row, 5, "blocks this number again")),
            _ => new(action, "", null, null, Again),
        };

        static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

        static string? By(NpgsqlDataReader row, int column, string does) => row.IsDBNull(column) ? null : $"{row.GetString(column)} {does}.";
    }

    private static async Task<(string Action, long Id)?> FindAsync(NpgsqlConnection connection, long line, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select action, resource, metadata::text from audit where id = $1", connection) { Parameters = { new() { Value = line } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) && IdOf(row.GetString(0), row.GetString(1), row.GetString(2)) is { } id ? (row.GetString(0), id) : null;
    }

    /// <summary>The hold or the blocked number of a line; null when it is about something else.</summary>
    private static long? IdOf(string action, string resource, string metadata)
    {
        const string Sender = "sender:";
        switch (action)
        {
            case "number.block" or "number.free":
                return resource.StartsWith(Sender, StringComparison.Ordinal) && long.TryParse(resource.AsSpan(Sender.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number : null;
            case "hold.place" or "hold.lift":
                using (var json = JsonDocument.Parse(metadata))
                    return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var hold) ? hold : null;
            default:
                return null;
        }
    }
}
