using static SmsAi.Core.Platform.Privacy.ColumnClass;
using static SmsAi.Core.Platform.Privacy.DataClass;
using static SmsAi.Core.Platform.Privacy.Retention;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Data classes of people, their keys and what they asked for.</summary>
internal static class PeopleData
{
    public static readonly ColumnClass[] Columns =
    [
        .. In("tiers",
            (Internal, Forever, "id name per_minute per_day per_month tokens_month micros_month segments_month models context_turns priority created_at")),
        .. In("users",
            (Internal, WithPerson, "id phone_hash_version tier_id is_blocked muted_until version"),
            (Personal, WithPerson, "phone_hash phone_cipher phone_tail country alias email_cipher name_cipher"),
            (Personal, WithPerson, "created_at timezone preferences persona_config tags billing_customer_id")),
        .. In("user_activity",
            (Internal, WithPerson, "user_id texts_total texts_month texts_today counted_month counted_day rate_limit_reset spend_micros spend_month answers_month tokens_month segments_month told_month told_by"),
            (Personal, WithPerson, "last_active")),
        // A month's row leaves after 90 days, which makes its texts unreadable; the profile key's row leaves with the person.
        .. In("user_keys",
            (Internal, WithPerson, "user_id month key_id master_id created_at"),
            (Secret, WithPerson, "wrapped")),
        .. In("person_notes",
            (Internal, WithPerson, "id user_id by_id by_name at edited_by edited_at version"),
            (Personal, WithPerson, "text_cipher")),
        .. In("consents",
            (Personal, Forever, "phone_hash"),
            (Internal, Forever, "state source at")),
        .. In("blocked_senders",
            (Personal, Forever, "phone_hash"),
            (Personal, Forever, "phone_tail"),
            (Internal, Forever, "id reason by_name at until")),
        .. In("holds",
            (Internal, WhileNeeded, "id user_id our_number broadcast_id tier_id kind reason by_name at until")),
        .. In("lifted_holds",
            (Internal, Days90, "id user_id our_number broadcast_id tier_id kind reason until at")),
        .. In("freed_senders",
            (Personal, Days90, "phone_hash"),
            (Personal, Days90, "phone_tail"),
            (Internal, Days90, "id reason until at")),
        .. In("pause_notices",
            (Internal, WithPerson, "pause_ver user_id")),
        .. In("active_days",
            (Personal, WithPerson, "day user_id")),
    ];
}
