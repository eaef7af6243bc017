using System.Globalization;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Stories;

/// <summary>Puts a dead letter back into the queue: once, and in one transaction with its line of the audit trail.</summary>
public sealed class StoryReplay(Databases databases, LiveFeed live)
{
    /// <summary>$1 the story's messages[]</summary>
    private const string Open = """
        select id from dead_letters where resolved_at is null and (message_id = any($1) or inbound_id = any($1) or outbound_id = any($1))
        order by at desc limit 1
        """;

    /// <summary>The dead letter a story waits for; null when none does.</summary>
    public async Task<long?> FindAsync(MessageStory story, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Open);
        command.Parameters.Add(new NpgsqlParameter<long[]>
        {
            TypedValue = [.. new[] { story.Inbound, story.Outbound }.OfType<StoryMessage>().Select(message => message.Id)],
        });
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    /// <summary>False when somebody resolved it before.</summary>
    public async Task<bool> ReplayAsync(long deadLetter, Actor actor, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Replaying a dead letter needs the right to operate.");
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await DeadLetters.ReplayAsync(connection, deadLetter, actor.Name, cancel))
            return false;
        var resource = string.Create(CultureInfo.InvariantCulture, $"dead_letter:{deadLetter}");
        var metadata = new { before = new { state = "dead letter" }, after = new { state = "queued again" }, deadLetter };
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, "dead_letter.replay", resource, JsonSerializer.Serialize(metadata)), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Queue);
        return true;
    }
}
