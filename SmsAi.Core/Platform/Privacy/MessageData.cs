using static SmsAi.Core.Platform.Privacy.ColumnClass;
using static SmsAi.Core.Platform.Privacy.DataClass;
using static SmsAi.Core.Platform.Privacy.Retention;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Data classes of the road: conversations, messages, their search, the queue and the ledger.</summary>
internal static class MessageData
{
    public static readonly ColumnClass[] Columns =
    [
        .. In("conversations",
            (Internal, WithPerson, "id user_id our_number channel version fence lease_owner lease_token lease_until pending created_at"),
            (Internal, WithPerson, "taken_by taken_name taken_at taken_seen")),
        .. In("messages",
            (Personal, Days90, "body_cipher fields_cipher content_hash"),
            (Personal, Days90, "conversation_id user_id reply_to"),
            (Internal, Days90, "key_id error_text"),
            (Internal, Forever, "id created_at direction kind state is_odd rank position sid verdict ingested_via recovered"),
            (Internal, Forever, "num_segments num_media attempt sending_at sent_at final_at carrier_status error_code"),
            (Internal, Forever, "model persona tokens_in tokens_cached tokens_out model_ms answer_ms model_micros carrier_micros")),
        .. In("hand_texts",
            (Internal, WithPerson, "message_id conversation_id operator_id by_name resend_of at"),
            (Personal, WithPerson, "reason")),
        .. In("reply_drafts",
            (Internal, Days90, "conversation_id operator_id key_id at"),
            (Personal, Days90, "body_cipher")),
        .. In("message_marks",
            (Internal, Days90, "message_id conversation_id operator_id by_name key_id at"),
            (Personal, Days90, "note_cipher")),
        .. In("saved_views",
            (Internal, WithOperator, "id page name query operator_id by_name is_shared at")),
        .. In("inbox",
            (Internal, WithPerson, "conversation_id user_id last_at last_message texted_at text_position")),
        .. In("inbox_reads",
            (Internal, WithOperator, "operator_id conversation_id position at")),
        .. In("inbox_floors",
            (Internal, WithOperator, "operator_id read_before")),
        .. In("message_sids",
            (Internal, Forever, "twilio_sid message_id created_at direction")),
        // Blinded, but equal words stay equal: the terms go with the texts.
        .. In("message_terms",
            (Internal, Days90, "message_id created_at"),
            (Personal, Days90, "terms")),
        .. In("search_keys",
            (Internal, Days90, "month key_id master_id created_at"),
            (Secret, Days90, "wrapped")),
        .. In("queue",
            (Internal, WhileNeeded, "id conversation_id user_id inbound_id outbound_id message_at outbound_at position class priority"),
            (Internal, WhileNeeded, "state held_by run_at tries crashes looks first_try_at last_fault consent_change")),
        .. In("dead_letters",
            (Internal, Days90, "id message_id message_at conversation_id user_id inbound_id outbound_id outbound_at class"),
            (Internal, Days90, "reason last_fault tries crashes at resolved_at resolved_by resolution")),
        .. In("tasks",
            (Internal, Year, "id conversation_id inbound_id inbound_at outbound_id outbound_at category priority complexity_score"),
            (Internal, Year, "processing_ms tokens_used success error_message created_at completed_at metadata"),
            (Personal, Year, "user_id task_hash")),
        // Never a body, a number or a name in an event's data: the ledger can't forget.
        .. In("events",
            (Internal, Forever, "id tx stream_id version type correlation_id data created_at")),
        .. In("ledger_cursors",
            (Internal, Forever, "reader tx id moved_at")),
    ];
}
