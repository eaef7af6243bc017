using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Searching;

/// <summary>A text that was found: where it stands, and the part of it that holds the words.</summary>
public sealed record FoundText(
    long Message, DateTimeOffset At, long Conversation, bool IsInbound, string Kind, string Alias, string Tail, float Rank, IReadOnlyList<SnippetPart> Snippet);

/// <summary>What a search found, best first within the newest months that fill it; and whether there would be more.</summary>
public sealed record FoundTexts(IReadOnlyList<FoundText> Texts, bool HasMore);

/// <summary>
/// Searches encrypted texts by their blinded words, month by month from the newest, best first; only what was found is decrypted. Who may not
/// read texts may not search them: an empty answer tells something as well.
/// </summary>
public sealed class TextSearch(Databases databases, SearchKeys keys, MessageBodies bodies)
{
    /// <summary>It stops there: whoever finds so many looks for more precise words.</summary>
    public const int AtMost = 50;

    /// <summary>$1 words of one month, blinded $2 its beginning $3 its end $4 at most. A suggestion was never said; it isn't found.</summary>
    private const string Find = """
        select t.message_id, t.created_at, m.conversation_id, m.direction = 'in', m.kind::text, u.alias, u.phone_tail, t.rank
        from (
          select t.message_id, t.created_at, ts_rank(t.terms, q.query) as rank from message_terms t, (select $1::tsquery as query) q
          where t.terms @@ q.query and t.created_at >= $2 and t.created_at < $3
          order by ts_rank(t.terms, q.query) desc, t.created_at desc limit $4) t
        join messages m on m.id = t.message_id and m.created_at = t.created_at
        join users u on u.id = m.user_id
        where m.state <> 'draft' and m.body_cipher is not null
        order by t.rank desc, t.created_at desc
        """;

    /// <param name="words">As people write them: words, "quoted phrases", -excluded.</param>
    /// <param name="role">Of whoever searches.</param>
    public async Task<FoundTexts> FindAsync(string words, string role, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanReadBodies].Contains(role))
            throw new UnauthorizedAccessException("Searching texts needs the right to read them.");
        var found = new List<FoundText>();
        foreach (var key in await keys.LivingAsync(cancel))
        {
            if (SearchTerms.ToQuery(words, [key]) is not { Length: > 0 } query)
                break;
            found.AddRange(await MonthAsync(query, key.Month, AtMost + 1 - found.Count, cancel));
            if (found.Count > AtMost)
                break;
        }

        var shown = found.Take(AtMost).ToList();
        var texts = await bodies.ReadAsync([.. shown.Select(text => text.Message)], cancel);
        var snippets = new Snippets(words);
        return new(
            // What no longer opens is found no longer.
            [.. shown.Where(text => texts.ContainsKey(text.Message)).Select(text => text with { Snippet = snippets.Of(texts[text.Message]) })],
            found.Count > AtMost);
    }

    private async Task<List<FoundText>> MonthAsync(string query, DateOnly month, int atMost, CancellationToken cancel)
    {
        var from = month.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        await using var command = databases.Pages.CreateCommand(Find);
        command.Parameters.Add(new() { Value = query });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = from.AddMonths(1) });
        command.Parameters.Add(new() { Value = atMost });
        var found = new List<FoundText>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            found.Add(new(
                rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetInt64(2), rows.GetBoolean(3), rows.GetString(4), rows.GetString(5),
                rows.GetString(6), rows.GetFloat(7), []));
        }

        return found;
    }
}
