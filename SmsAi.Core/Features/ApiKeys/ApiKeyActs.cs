using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>Makes, rotates and revokes keys: each act in one transaction with its line of the audit trail.</summary>
public sealed class ApiKeyActs(Databases databases, LiveFeed live, TimeProvider clock)
{
    public const int MostListed = 500;
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    /// <summary>Those that work first, the newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ApiKeysSql.List);
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = MostListed });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var keys = new List<ApiKey>();
        while (await rows.ReadAsync(cancel))
            keys.Add(ApiKeyCheck.KeyOf(rows));
        return keys;
    }

    /// <summary>The only time its secret is to be had.</summary>
    public async Task<MadeApiKey> CreateAsync(ApiKeyOrder order, Actor actor, CancellationToken cancel)
    {
        Demand(actor, order.Role);
        if (order.Faults().Values.FirstOrDefault() is { } fault)
            throw new ArgumentException(fault, nameof(order));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        var made = await InsertAsync(connection, order, actor, cancel);
        await AuditAsync(connection, actor, "key.create", made.Prefix, After(order, made), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Keys);
        return made;
    }

    /// <summary>
    /// Another key of the same name, role and scopes, for as long as the old one was meant to live; the old one works on for the overlap.
    /// Null when there is no such key, or it works no more.
    /// </summary>
    public async Task<MadeApiKey?> RotateAsync(string prefix, TimeSpan overlap, Actor actor, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(overlap.Ticks, nameof(overlap));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlap, LongestOverlap);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var old = await LockAsync(connection, prefix, cancel);
        Demand(actor, old?.Role ?? OperatorRoles.Viewer);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        var now = clock.GetUtcNow();
        if (old is null || old.StateAt(now) is not (ApiKeyState.Active or ApiKeyState.MakerGone))
            return null;
        var order = new ApiKeyOrder(old.Name, old.Role, old.ExpiresAt - old.CreatedAt, old.Scopes);
        var made = await InsertAsync(connection, order, actor, cancel);
        await ExecuteAsync(connection, ApiKeysSql.Replace, cancel, old.Id, made.Id, now + overlap);
        await AuditAsync(
            connection, actor, "key.rotate", old.Prefix, new { after = new { prefix = made.Prefix, expires = made.ExpiresAt }, overlapHours = overlap.TotalHours }, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Keys);
        return made;
    }

    /// <summary>It works no more, nor do the tokens it was exchanged for. False when there is no such key, or it was revoked before.</summary>
    public async Task<bool> RevokeAsync(string prefix, string reason, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var key = await LockAsync(connection, prefix, cancel);
        Demand(actor, OperatorRoles.Viewer);
        if (key is null or { RevokedAt: not null })
            return false;
        await ExecuteAsync(connection, ApiKeysSql.Revoke, cancel, key.Id, clock.GetUtcNow(), actor.Name);
        await AuditAsync(connection, actor, "key.revoke", key.Prefix, new { name = key.Name, reason }, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Keys);
        return true;
    }

    /// <summary>Nobody makes a key that may do more than she may; the server's own command line may make any.</summary>
    private static void Demand(Actor actor, string roleOfKey)
    {
        if (actor == Actor.CommandLine)
            return;
        if (!Rights.Roles[Rights.CanAdminister].Contains(actor.Role) || (roleOfKey == OperatorRoles.Owner && actor.Role != OperatorRoles.Owner))
            throw new UnauthorizedAccessException($"The role {actor.Role} may not make or end a key of role {roleOfKey}.");
    }

    private async Task<MadeApiKey> InsertAsync(NpgsqlConnection connection, ApiKeyOrder order, Actor actor, CancellationToken cancel)
    {
        var secret = ApiKeySecret.New();
        var now = clock.GetUtcNow();
        var expires = now + order.Lifetime;
        string[] scopes = [.. order.Scopes ?? Scopes.OfRole[order.Role]];
        var id = await ExecuteAsync(
            connection, ApiKeysSql.Insert, cancel, secret.Prefix, secret.Hash, order.Name.Trim(), order.Role, scopes, now, actor.Name, actor.Id, expires);
        return new((long)id!, secret.Prefix, secret.Text, expires);
    }

    private static object After(ApiKeyOrder order, MadeApiKey made) =>
        new { after = new { name = order.Name.Trim(), role = order.Role, scopes = order.Scopes ?? Scopes.OfRole[order.Role], expires = made.ExpiresAt } };

    private static Task AuditAsync(NpgsqlConnection connection, Actor actor, string act, string prefix, object metadata, CancellationToken cancel) =>
        AuditTrail.AppendAsync(connection, new AuditAct(actor, act, "key:" + prefix, JsonSerializer.Serialize(metadata)), cancel);

    private static async Task<ApiKey?> LockAsync(NpgsqlConnection connection, string prefix, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(ApiKeysSql.Lock, connection) { Parameters = { new() { Value = prefix } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? ApiKeyCheck.KeyOf(row) : null;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value is null ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint } : new() { Value = value });
        return await command.ExecuteScalarAsync(cancel);
    }
}
