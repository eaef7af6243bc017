using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stories;

/// <summary>The stories of the same conversation that began before and after one, named by the messages that began them.</summary>
/// <param name="Older">Null at the conversation's beginning.</param>
/// <param name="Newer">Null at its end.</param>
public sealed record Neighbours(long? Older, long? Newer);

/// <summary>Steps through a conversation from story to story, by its index and never by counting.</summary>
public sealed class StoryNeighbours(Databases databases)
{
    /// <summary>$1 conversation $2 time and $3 id of the message that began the story. An answer begins none.</summary>
    private const string Sql = """
        select
          (select id from messages where conversation_id = $1 and (created_at, id) < ($2, $3) and (direction = 'in' or coalesce(reply_to, 0) = 0)
            order by created_at desc, id desc limit 1),
          (select id from messages where conversation_id = $1 and (created_at, id) > ($2, $3) and (direction = 'in' or coalesce(reply_to, 0) = 0)
            order by created_at, id limit 1)
        """;

    public async Task<Neighbours> ReadAsync(MessageStory story, CancellationToken cancel)
    {
        var first = story.Inbound ?? story.Outbound ?? story.Asked;
        await using var command = databases.Pages.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = story.ConversationId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = first.At.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first.Id });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        return new Neighbours(rows.IsDBNull(0) ? null : rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetInt64(1));
    }
}
