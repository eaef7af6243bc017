namespace SmsAi.Core.Features.Stories;

/// <summary>What a story is read from.</summary>
internal static class StorySql
{
    /// <summary>$1 message</summary>
    public const string Message = $"select {StoryRow.Columns} from messages m where m.id = $1";

    /// <summary>What was sent for a text; a notice that came before the answer is not the answer. $1 conversation $2 the text's time $3 the text</summary>
    public const string AnswerTo = $"""
        select {StoryRow.Columns} from messages m where m.conversation_id = $1 and m.created_at >= $2 and m.reply_to = $3
        order by m.created_at desc, m.id desc limit 1
        """;

    public const string Person = "select alias, phone_tail from users where id = $1";

    /// <summary>The part of the conversation's stream since the messages came, where it is about them. $1 conversation $2 from version $3 messages[]</summary>
    public const string Events = """
        select id, stream_id, version, type, correlation_id, data::text, created_at from events
        where stream_id = $1 and version >= $2 and (correlation_id = any($3) or (data ->> 'm')::bigint = any($3)) order by version limit 500
        """;

    public const string Prices = "select provider, model, usage, micros_per_million, valid_from from prices";
}
