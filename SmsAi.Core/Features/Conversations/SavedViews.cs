using System.Text.Json;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Conversations;

/// <summary>A list's filters under a name, kept for oneself or for everyone.</summary>
public sealed record SavedView(long Id, string Name, string Query, bool IsShared, bool IsMine, string By);

/// <summary>Keeps views of the inbox; one that everyone sees asks for the right to operate and stands in the audit trail.</summary>
public sealed class SavedViews(Databases databases)
{
    /// <summary>Longest name.</summary>
    public const int Longest = 60;

    private const string Page = "conversations";

    /// <summary>$1 page $2 operator</summary>
    private const string Select = """
        select id, name, query, is_shared, operator_id = $2, by_name from saved_views where page = $1 and (operator_id = $2 or is_shared)
        order by is_shared, lower(name), id limit 50
        """;

    /// <summary>$1 page $2 name $3 query $4 operator $5 her name $6 for everyone</summary>
    private const string Put = """
        insert into saved_views (page, name, query, operator_id, by_name, is_shared) values ($1, $2, $3, $4, $5, $6)
        on conflict (page, operator_id, name) do update set query = excluded.query, is_shared = excluded.is_shared, at = now()
        """;

    /// <summary>$1 view $2 operator</summary>
    private const string Drop = "delete from saved_views where id = $1 and operator_id = $2 returning name, is_shared";

    /// <summary>Her own, then everyone's.</summary>
    public async Task<IReadOnlyList<SavedView>> ListAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Select);
        command.Parameters.Add(new() { Value = Page });
        command.Parameters.Add(new() { Value = operatorId });
        var views = new List<SavedView>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            views.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetBoolean(3), rows.GetBoolean(4), rows.GetString(5)));
        return views;
    }

    /// <summary>Keeps it; one of hers of that name is replaced.</summary>
    public async Task SaveAsync(string name, string query, bool isShared, Actor actor, CancellationToken cancel)
    {
        name = name.Trim();
        if (name.Length is 0 or > Longest)
            throw new ArgumentException($"A view's name has 1 to {Longest} characters.", nameof(name));
        var me = Demand(actor, isShared ? Rights.CanOperate : Rights.CanRead);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var put = new NpgsqlCommand(Put, connection)
        {
            Parameters =
            {
                new() { Value = Page }, new() { Value = name }, new() { Value = query }, new() { Value = me }, new() { Value = actor.Name }, new() { Value = isShared },
            },
        };
        await put.ExecuteNonQueryAsync(cancel);
        if (isShared)
            await AuditTrail.AppendAsync(connection, new(actor, "view.share", "view:conversations", JsonSerializer.Serialize(new { name, query })), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>False when it is not hers, or gone.</summary>
    public async Task<bool> RemoveAsync(long view, Actor actor, CancellationToken cancel)
    {
        var me = Demand(actor, Rights.CanRead);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        string name;
        bool wasShared;
        await using (var drop = new NpgsqlCommand(Drop, connection) { Parameters = { new() { Value = view }, new() { Value = me } } })
        await using (var row = await drop.ExecuteReaderAsync(cancel))
        {
            if (!await row.ReadAsync(cancel))
                return false;
            (name, wasShared) = (row.GetString(0), row.GetBoolean(1));
        }

        if (wasShared)
            await AuditTrail.AppendAsync(connection, new(actor, "view.remove", "view:conversations", JsonSerializer.Serialize(new { name })), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private static long Demand(Actor actor, string right) => actor.Id is { } id && Rights.Roles[right].Contains(actor.Role)
        ? id
        : throw new UnauthorizedAccessException("The role may not keep this view.");
}
