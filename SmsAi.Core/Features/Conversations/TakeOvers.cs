using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Conversations;

/// <summary>What came of taking a conversation over.</summary>
public abstract record TakeOutcome
{
    private TakeOutcome()
    {
    }

    /// <summary>It is hers; no answer of the AI leaves any more.</summary>
    /// <param name="Drafts">Answers that were written and became suggestions.</param>
    /// <param name="IsWithCarrier">An answer of the AI had begun to leave and can't be recalled.</param>
    public sealed record Taken(int Drafts, bool IsWithCarrier) : TakeOutcome;

    /// <summary>Somebody else has it, whom she had not seen there.</summary>
    public sealed record HeldBy(string Name, DateTimeOffset Since) : TakeOutcome;

    /// <summary>There is no such conversation any more.</summary>
    public sealed record Gone : TakeOutcome;
}

/// <summary>
/// Passes a conversation from the AI to a person and back. Each act is one transaction with its step in the ledger and its line of the audit
/// trail; the AI's next answer meets the send gate.
/// </summary>
public sealed class TakeOvers(Databases databases, RecentTurns recent, LiveFeed live)
{
    private const int AtOnce = 50;

    /// <summary>Takes it over from the AI, or from the operator she saw there; from nobody else.</summary>
    /// <param name="from">Who had it when she looked; null: the AI.</param>
    public async Task<TakeOutcome> TakeAsync(long conversation, long? from, Actor actor, CancellationToken cancel)
    {
        var me = Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await LockAsync(connection, conversation, cancel) is not { } now)
            return new TakeOutcome.Gone();
        if (now.TakenBy is { } holder && holder != me && holder != from)
            return new TakeOutcome.HeldBy(now.TakenName, now.TakenAt);
        var taken = await TakeAsync(connection, conversation, now, answeredUpTo: 0, actor, cancel);
        await transaction.CommitAsync(cancel);
        await TellAsync(conversation, cancel);
        return taken;
    }

    /// <summary>Gives it back to the AI, which then answers her newest text if nobody has; false when nobody had it.</summary>
    public async Task<bool> GiveBackAsync(long conversation, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await LockAsync(connection, conversation, cancel) is not { TakenBy: not null } now)
            return false;
        await GiveBackAsync(connection, conversation, now.TakenName, actor, "hand", cancel);
        await transaction.CommitAsync(cancel);
        await TellAsync(conversation, cancel);
        return true;
    }

    /// <summary>Throws away a suggestion; false when it is none any more.</summary>
    public async Task<bool> DismissAsync(long conversation, long message, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await LockAsync(connection, conversation, cancel) is null)
            return false;
        await using var dismiss = new NpgsqlCommand(TakeOverSql.Dismiss, connection) { Parameters = { new() { Value = conversation }, new() { Value = message } } };
        if (await dismiss.ExecuteNonQueryAsync(cancel) == 0)
            return false;
        await AuditTrail.AppendAsync(connection, new(actor, "conversation.dismiss", Resource(conversation), JsonSerializer.Serialize(new { message })), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Conversations);
        return true;
    }

    /// <summary>Gives back what nobody has acted on for so long; returns how many.</summary>
    internal async Task<int> ReturnIdleAsync(TimeSpan idle, CancellationToken cancel)
    {
        var returned = 0;
        foreach (var conversation in await IdleAsync(idle, cancel))
        {
            await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            // Another replica may have been faster, or she may have come back.
            await using (var still = new NpgsqlCommand(TakeOverSql.IsIdle, connection) { Parameters = { new() { Value = conversation }, new() { Value = idle } } })
            {
                if (await still.ExecuteScalarAsync(cancel) is not true)
                    continue;
            }

            if (await LockAsync(connection, conversation, cancel) is not { TakenBy: not null } now)
                continue;
            await GiveBackAsync(connection, conversation, now.TakenName, Actor.Service, "idle", cancel);
            await transaction.CommitAsync(cancel);
            await TellAsync(conversation, cancel);
            returned++;
        }

        return returned;
    }

    internal static string Resource(long conversation) => string.Create(CultureInfo.InvariantCulture, $"conversation:{conversation}");

    /// <summary>The operator's id, if she may answer people.</summary>
    internal static long Demand(Actor actor) => actor.Id is { } id && Rights.Roles[Rights.CanOperate].Contains(actor.Role)
        ? id
        : throw new UnauthorizedAccessException("Answering people needs the right to operate.");

    internal static async Task<ConversationNow?> LockAsync(NpgsqlConnection connection, long conversation, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(TakeOverSql.Lock, connection) { Parameters = { new() { Value = conversation } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(row.IsDBNull(1) ? null : row.GetInt64(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4), row.GetBoolean(5))
            : null;
    }

    /// <summary>Within a transaction that has the conversation locked: the AI is off, and it is the actor's.</summary>
    internal static async Task<TakeOutcome.Taken> TakeAsync(
        NpgsqlConnection connection, long conversation, ConversationNow now, long answeredUpTo, Actor actor, CancellationToken cancel)
    {
        var taken = await ClearAsync(connection, conversation, answeredUpTo, cancel);
        if (now.TakenBy == actor.Id)
            return taken;
        var before = now.TakenBy is null ? null : now.TakenName;
        await using var take = new NpgsqlCommand(TakeOverSql.Take, connection)
        {
            Parameters =
            {
                new() { Value = conversation },
                new() { Value = actor.Id!.Value },
                new() { Value = actor.Name },
                new() { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = taken.Drafts },
                new() { Value = taken.IsWithCarrier },
            },
        };
        await take.ExecuteNonQueryAsync(cancel);
        var metadata = JsonSerializer.Serialize(new
        {
            before = new { answers = before ?? "AI" },
            after = new { answers = actor.Name },
            suggestions = taken.Drafts,
            answerWithCarrier = taken.IsWithCarrier,
        });
        await AuditTrail.AppendAsync(connection, new(actor, "conversation.take", Resource(conversation), metadata), cancel);
        return taken;
    }

    /// <summary>After the commit: what the model was shown is stale, workers whose lease was taken stop asking it, screens ask again.</summary>
    internal async Task TellAsync(long conversation, CancellationToken cancel)
    {
        live.Publish(LiveTopics.TakeOvers);
        live.Publish(LiveTopics.Queue);
        live.Publish(LiveTopics.Conversations);
        await recent.ForgetAsync(conversation, cancel);
    }

    private static async Task<TakeOutcome.Taken> ClearAsync(NpgsqlConnection connection, long conversation, long answeredUpTo, CancellationToken cancel)
    {
        await using var clear = new NpgsqlCommand(TakeOverSql.Clear, connection) { Parameters = { new() { Value = conversation }, new() { Value = answeredUpTo } } };
        await using var row = await clear.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new((int)row.GetInt64(0), row.GetBoolean(3));
    }

    private static async Task GiveBackAsync(
        NpgsqlConnection connection, long conversation, string holder, Actor actor, string why, CancellationToken cancel)
    {
        await using (var give = new NpgsqlCommand(TakeOverSql.GiveBack, connection)
        {
            Parameters = { new() { Value = conversation }, new() { Value = actor.Name }, new() { Value = why } },
        })
            await give.ExecuteNonQueryAsync(cancel);
        await using (var resume = new NpgsqlCommand(TakeOverSql.Resume, connection) { Parameters = { new() { Value = conversation } } })
            await resume.ExecuteNonQueryAsync(cancel);
        var metadata = JsonSerializer.Serialize(new { before = new { answers = holder }, after = new { answers = "AI" }, why });
        await AuditTrail.AppendAsync(connection, new(actor, "conversation.give_back", Resource(conversation), metadata), cancel);
    }

    private async Task<List<long>> IdleAsync(TimeSpan idle, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(TakeOverSql.Idle);
        command.Parameters.Add(new() { Value = idle });
        command.Parameters.Add(new() { Value = AtOnce });
        var conversations = new List<long>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            conversations.Add(rows.GetInt64(0));
        return conversations;
    }
}

/// <summary>Who has a conversation, as its locked row says, and whether its person may be written to.</summary>
internal sealed record ConversationNow(long? TakenBy, string TakenName, DateTimeOffset TakenAt, bool HasOptedOut, bool IsBlocked);
