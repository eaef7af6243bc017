using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Holds on one person or one of our numbers: what is to be sent there waits until the hold is lifted.</summary>
public sealed class Holds(Databases databases, LiveFeed live)
{
    private const string Place = """
        insert into holds (user_id, our_number, reason, by_name) values ($1, $2, $3, $4) returning id
        """;

    private const string Lift = "delete from holds where id = $1 returning coalesce('user:' || user_id, 'number')";

    /// <summary>The hold's id; counts from this commit on, also for texts being answered now.</summary>
    public Task<long> HoldPersonAsync(long userId, string reason, Actor actor, CancellationToken cancel) =>
        PlaceAsync(userId, null, reason, actor, cancel);

    /// <summary>Everything sent from this number of ours (or Messaging Service).</summary>
    public Task<long> HoldNumberAsync(string ourNumber, string reason, Actor actor, CancellationToken cancel) =>
        PlaceAsync(null, ourNumber, reason, actor, cancel);

    /// <summary>False when it was lifted before.</summary>
    public async Task<bool> LiftAsync(long id, string reason, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var lift = new NpgsqlCommand(Lift, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } };
        if (await lift.ExecuteScalarAsync(cancel) is not string resource)
            return false;
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, "hold.lift", resource, JsonSerializer.Serialize(new { id, reason })), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish("controls");
        return true;
    }

    private async Task<long> PlaceAsync(long? userId, string? ourNumber, string reason, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var place = new NpgsqlCommand(Place, connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = (object?)userId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new NpgsqlParameter { Value = (object?)ourNumber ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter<string> { TypedValue = reason.Trim() },
                new NpgsqlParameter<string> { TypedValue = actor.Name },
            },
        };
        var id = (long)(await place.ExecuteScalarAsync(cancel))!;
        // Our own number is no secret, but a log of acts holds no numbers at all.
        var resource = userId is null ? "number" : $"user:{userId}";
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, "hold.place", resource, JsonSerializer.Serialize(new { id, reason })), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish("controls");
        return id;
    }
}
